//! Icons: one enum for the sprite `assets/icons.svg`.

use super::Html;

macro_rules! icons {
    ($($variant:ident => $name:literal,)*) => {
        /// An icon (图标) of the sprite; one icon has one meaning everywhere.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the variant is the name of the picture")]
        pub enum Icon { $($variant,)* }

        impl Icon {
            /// Every icon, in the order of the sprite.
            pub const ALL: &'static [Icon] = &[$(Icon::$variant,)*];

            /// The symbol's id in the sprite.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Icon::$variant => $name,)* }
            }

            /// The icon of this name, for navigation read from data.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Icon::$variant),)* _ => None }
            }
        }
    };
}

icons! {
    AdjustmentsHorizontal => "adjustments-horizontal",
    AlertCircle => "alert-circle",
    AlertOctagon => "alert-octagon",
    AlertTriangle => "alert-triangle",
    Archive => "archive",
    ArrowBackUp => "arrow-back-up",
    ArrowDown => "arrow-down",
    ArrowLeft => "arrow-left",
    ArrowRight => "arrow-right",
    ArrowUp => "arrow-up",
    ArrowsExchange => "arrows-exchange",
    Ban => "ban",
    BaselineDensityMedium => "baseline-density-medium",
    BaselineDensitySmall => "baseline-density-small",
    Bell => "bell",
    BellCheck => "bell-check",
    BellExclamation => "bell-exclamation",
    BellRinging => "bell-ringing",
    Book => "book",
    Bookmark => "bookmark",
    Briefcase => "briefcase",
    Building => "building",
    BuildingBank => "building-bank",
    BuildingCommunity => "building-community",
    BuildingEstate => "building-estate",
    BuildingStore => "building-store",
    Bulb => "bulb",
    Calculator => "calculator",
    Calendar => "calendar",
    CalendarCheck => "calendar-check",
    CalendarDollar => "calendar-dollar",
    CalendarDue => "calendar-due",
    CalendarEvent => "calendar-event",
    CalendarTime => "calendar-time",
    CameraPlus => "camera-plus",
    Car => "car",
    Cash => "cash",
    CashBanknote => "cash-banknote",
    Certificate => "certificate",
    ChartBar => "chart-bar",
    ChartHistogram => "chart-histogram",
    ChartLine => "chart-line",
    Check => "check",
    Checkbox => "checkbox",
    Checklist => "checklist",
    ChevronDown => "chevron-down",
    ChevronLeft => "chevron-left",
    ChevronRight => "chevron-right",
    ChevronUp => "chevron-up",
    Circle => "circle",
    CircleCheck => "circle-check",
    ClipboardCheck => "clipboard-check",
    ClipboardList => "clipboard-list",
    ClipboardText => "clipboard-text",
    Clock => "clock",
    ClockPause => "clock-pause",
    Coins => "coins",
    Columns3 => "columns-3",
    Copy => "copy",
    CreditCard => "credit-card",
    Database => "database",
    DeviceDesktop => "device-desktop",
    DeviceFloppy => "device-floppy",
    DeviceMobile => "device-mobile",
    DeviceTv => "device-tv",
    Dots => "dots",
    Download => "download",
    Edit => "edit",
    ExternalLink => "external-link",
    Eye => "eye",
    EyeOff => "eye-off",
    FileCertificate => "file-certificate",
    FileCheck => "file-check",
    FileDollar => "file-dollar",
    FileExport => "file-export",
    FileImport => "file-import",
    FileSpreadsheet => "file-spreadsheet",
    FileText => "file-text",
    FileX => "file-x",
    Files => "files",
    Filter => "filter",
    FilterOff => "filter-off",
    Fingerprint => "fingerprint",
    Flag => "flag",
    Folder => "folder",
    Gavel => "gavel",
    GitCompare => "git-compare",
    Hash => "hash",
    Headset => "headset",
    HelpCircle => "help-circle",
    Hierarchy => "hierarchy",
    History => "history",
    Home => "home",
    Hourglass => "hourglass",
    Id => "id",
    IdBadge2 => "id-badge-2",
    InfoCircle => "info-circle",
    Key => "key",
    Language => "language",
    License => "license",
    Link => "link",
    ListCheck => "list-check",
    ListDetails => "list-details",
    Loader2 => "loader-2",
    Lock => "lock",
    LockExclamation => "lock-exclamation",
    LockOpen => "lock-open",
    Login => "login",
    Logout => "logout",
    Mail => "mail",
    MapPin => "map-pin",
    Menu2 => "menu-2",
    Message => "message",
    Minus => "minus",
    Notebook => "notebook",
    Package => "package",
    Paperclip => "paperclip",
    Pencil => "pencil",
    Percentage => "percentage",
    Phone => "phone",
    PhoneOff => "phone-off",
    Photo => "photo",
    PlayerPause => "player-pause",
    PlayerPlay => "player-play",
    PlayerStop => "player-stop",
    Plug => "plug",
    Plus => "plus",
    Printer => "printer",
    ProgressCheck => "progress-check",
    Receipt => "receipt",
    Refresh => "refresh",
    ReportAnalytics => "report-analytics",
    ReportMoney => "report-money",
    ReportSearch => "report-search",
    Route => "route",
    RubberStamp => "rubber-stamp",
    Scale => "scale",
    Search => "search",
    Send => "send",
    Server => "server",
    Settings => "settings",
    Shield => "shield",
    ShieldCheck => "shield-check",
    ShieldDollar => "shield-dollar",
    ShieldX => "shield-x",
    Signature => "signature",
    SortAscending => "sort-ascending",
    SortDescending => "sort-descending",
    Speakerphone => "speakerphone",
    Square => "square",
    SquareCheck => "square-check",
    Star => "star",
    Table => "table",
    TableExport => "table-export",
    TableImport => "table-import",
    Tag => "tag",
    TestPipe => "test-pipe",
    Timeline => "timeline",
    Trash => "trash",
    TrendingDown => "trending-down",
    TrendingUp => "trending-up",
    Upload => "upload",
    User => "user",
    UserCheck => "user-check",
    UserPlus => "user-plus",
    UserShare => "user-share",
    UserX => "user-x",
    Users => "users",
    Versions => "versions",
    Wallet => "wallet",
    WifiOff => "wifi-off",
    World => "world",
    WritingSign => "writing-sign",
    X => "x",
    ZoomCheck => "zoom-check",
}

impl Icon {
    /// The picture, hidden from screen readers: a word always stands beside it.
    #[must_use]
    pub fn html(self) -> Html {
        let mut out = Html::new();
        out.raw("<svg class=\"i\" aria-hidden=\"true\"><use href=\"")
            .text(crate::asset::url("icons.svg"))
            .raw("#")
            .raw(self.name())
            .raw("\"/></svg>");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_in_the_sprite() {
        let sprite = crate::asset::text("icons.svg").expect("the sprite is embedded");
        for icon in Icon::ALL {
            let symbol = format!("<symbol id=\"{}\"", icon.name());
            assert!(sprite.contains(&symbol), "{} is missing", icon.name());
            assert_eq!(Icon::named(icon.name()), Some(*icon));
        }
    }
}
