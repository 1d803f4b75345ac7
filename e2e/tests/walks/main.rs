//! The walks: each module is one way of a person through the program.
