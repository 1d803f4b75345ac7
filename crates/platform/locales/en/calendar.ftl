### The working-day calendar and the LPR.

action-calendar-manage = Maintain the calendar and the LPR

calendar-title = Working days
calendar-works = Working day
calendar-rests = Rest day
calendar-as-weekday = As its weekday
calendar-missing = No holiday list for { $year }
calendar-missing-text = There is no holiday list for { $year } yet: only weekends count, and dates in it are provisional. Import the list as soon as it is published.
calendar-covered = Holiday list imported
calendar-uncovered = No holiday list; only weekends count
calendar-legend = Dark: rest; boxed: weekend worked; ring: business date
calendar-years = Holiday lists by year
calendar-file = File (CSV)
calendar-file-hint = First line date,kind,name; kind is holiday (rest) or workday (made up). Every year in the file is replaced as a whole.
calendar-source = Source (title and number of the notice)
calendar-import = Import the holiday list
calendar-day = Date
calendar-kind = That day
calendar-name = Name
calendar-set = Set this day
lpr-note = in force from its publication, % a year
lpr-on = Published
lpr-one = 1 year
lpr-five = 5 years and more
lpr-file-hint = First line date,lpr1y,lpr5y in percent a year
lpr-import = Import the LPR

error-calendar-head = The first line must be { $expected }
error-calendar-line = Line { $line }: “{ $found }” should look like { $expected }
error-calendar-twice = Line { $line }: { $date } stands there twice
error-calendar-empty = The file holds no date
error-calendar-no-file = Choose a file
