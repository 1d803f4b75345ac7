// Small enhancements; every page works without them by links and forms.
import "./js/keyboard.js";
import "./js/drawer.js";
import "./js/form.js";
import "./js/batch.js";
import "./js/grid.js";
import "./js/visit.js";
import "./js/nav.js";
