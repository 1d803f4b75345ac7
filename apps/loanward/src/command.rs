//! The command line (命令行): what can be asked, with its defaults.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::civil::Date;

/// 信守：让制度真正运行的贷后管理系统 / Loanward: post-loan management that runs a lender's own written rules.
#[derive(Debug, Parser)]
#[command(name = "loanward", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be asked (命令).
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 启动服务 / Serve the pages; the first start sets the institution up.
    Serve(Serve),
    /// 启动演示 / Serve a made-up lender of 600 customers and 900 loans; the first start makes it.
    Demo(Demo),
    /// 计算还款计划 / Read terms as JSON on standard input, print the schedule (docs/formats.md).
    Schedule(Calculate),
    /// 重放交易 / Read terms, transactions and a date as JSON, print the position (docs/formats.md).
    Replay(Calculate),
    /// 制度包 / Policy packs: decide a case, check a folder (docs/policy-format.md).
    #[command(subcommand)]
    Policy(Policy),
    /// 导入账本 / Import a loan book as lenders keep it: try it out, name what is wrong, write it.
    Import(Import),
    /// 导出整本台账 / Write the whole book into one workbook, a sheet a noun (docs/formats.md).
    Export(Export),
    /// 日终 / Close every business day up to a date.
    Close(Close),
    /// 重建缓存 / Compute positions, schedules, history and totals anew from the facts; compare or mend.
    Rebuild(Rebuild),
    /// 压测 / Measure the program on a book of many loans.
    #[command(subcommand)]
    Bench(Bench),
    /// 审计链 / The audit trail.
    #[command(subcommand)]
    Audit(Audit),
    /// 密钥 / The key to personal data.
    #[command(subcommand)]
    Key(Key),
    /// 备份 / Write the whole book into one encrypted file, while the server runs.
    Backup(Backup),
    /// 恢复 / Restore a backup into an empty database; totals and audit chains are compared.
    Restore(Restore),
}

/// Where the data is (数据位置).
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// 数据目录：密钥文件，以及未指定数据库时的数据库文件 / The folder of the key file and, unless a server is named, of the database.
    #[arg(long, value_name = "DIR", default_value = "loanward-data", env = "LOANWARD_DATA")]
    pub data: PathBuf,
    /// 数据库 / postgres://user@host/name, or the path of an SQLite file; default: DIR/loanward.db.
    #[arg(long, alias = "database", value_name = "URL", env = "LOANWARD_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// Where pages are served (监听地址).
#[derive(Debug, Clone, Args)]
pub struct Listen {
    /// 端口，0 为任选 / The port; 0 takes a free one.
    #[arg(long, default_value_t = 8080, env = "LOANWARD_PORT")]
    pub port: u16,
    /// 监听地址 / The address to listen on; anything but this machine belongs behind a proxy with TLS.
    #[arg(long, default_value = "127.0.0.1", env = "LOANWARD_HOST")]
    pub host: IpAddr,
}

/// `loanward serve` (启动服务).
#[derive(Debug, Clone, Args)]
pub struct Serve {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// Where pages are served.
    #[command(flatten)]
    pub listen: Listen,
    /// 前面有自己的反向代理 / A proxy of our own stands in front: believe its X-Forwarded-For.
    #[arg(long)]
    pub behind_proxy: bool,
    /// 定时备份目录 / The folder of the daily copies; hour and retention are set on their page.
    #[arg(long, value_name = "DIR", env = "LOANWARD_BACKUP_DIR", requires = "backup_key")]
    pub backup_dir: Option<PathBuf>,
    /// 备份密钥文件 / The key file that seals them, made once by `loanward backup --new-key FILE`.
    #[arg(long, value_name = "FILE", env = "LOANWARD_BACKUP_KEY")]
    pub backup_key: Option<PathBuf>,
    /// 外发文件目录 / The folder into which messages go that are files.
    #[arg(long, value_name = "DIR", env = "LOANWARD_OUTBOX_DIR")]
    pub outbox_dir: Option<PathBuf>,
    /// What the first start sets up.
    #[command(flatten)]
    pub first: First,
}

/// What the first start sets up from the console (建账). Named none of these, it opens the set-up in the browser; later
/// starts do not look at it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "First start only / 仅首次启动")]
pub struct First {
    /// 机构名称；不指定本组任何一项时，在浏览器中首次设置 / The institution's name; with none of these the browser asks.
    #[arg(long, value_name = "NAME")]
    pub institution: Option<String>,
    /// 总部名称 / The name of the head office.
    #[arg(long, value_name = "NAME")]
    pub head_office: Option<String>,
    /// 制度包 / The shipped policy pack to begin with: microloan or bank-personal.
    #[arg(long, value_name = "PACK")]
    pub pack: Option<String>,
    /// 首个管理员的登录名，默认 admin / The log-in name of the first administrator; default: admin.
    #[arg(long, value_name = "LOGIN")]
    pub admin: Option<String>,
    /// 首个营业日，默认今天 / The first business date; default: today.
    #[arg(long, value_name = "DATE")]
    pub opens_on: Option<Date>,
}

impl First {
    /// Whether the institution is set up from the console: some of it was named.
    pub fn is_named(&self) -> bool {
        let texts = [&self.institution, &self.head_office, &self.pack, &self.admin];
        texts.iter().any(|text| text.is_some()) || self.opens_on.is_some()
    }

    /// The pack to begin with.
    pub fn pack(&self) -> &str {
        self.pack.as_deref().unwrap_or("microloan")
    }
}

/// `loanward demo` (启动演示).
#[derive(Debug, Clone, Args)]
pub struct Demo {
    /// 演示数据目录 / The folder of the demo book; a second start finds it there.
    #[arg(long, value_name = "DIR", default_value = "loanward-demo")]
    pub data: PathBuf,
    /// Where pages are served.
    #[command(flatten)]
    pub listen: Listen,
}

/// `loanward schedule` and `loanward replay` (计算).
#[derive(Debug, Clone, Copy, Args)]
pub struct Calculate {
    /// 附上推导 / Also print how every amount comes about.
    #[arg(long)]
    pub explain: bool,
    /// 打印成表 / Print an aligned table instead of JSON.
    #[arg(long)]
    pub table: bool,
}

/// `loanward policy` (制度包).
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// 判定一个案例 / Read facts as JSON on standard input, print the decision with its explanation.
    Eval(Eval),
    /// 检查制度包目录 / Check the pack in a folder; every problem with file, row and column.
    Check {
        /// 目录 / The folder; packs that it extends are taken from beside it, else from the program.
        folder: PathBuf,
    },
}

/// `loanward policy eval` (判定).
#[derive(Debug, Clone, Args)]
pub struct Eval {
    /// 制度包 / A shipped pack, or a folder.
    #[arg(long, value_name = "PACK|DIR", default_value = "microloan")]
    pub pack: String,
    /// 决策表 / The decision.
    #[arg(long, value_name = "NAME")]
    pub decision: String,
    /// 适用日期，默认今天 / The date whose rules apply; default: today.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
}

/// `loanward import` (导入账本).
#[derive(Debug, Clone, Args)]
pub struct Import {
    /// 整本台账：由 export 导出的工作簿，导入到空的机构 / The file is a whole book made by `export`: into an empty institution.
    #[arg(long, conflicts_with_all = ["conventions", "partial", "findings"])]
    pub book: bool,
    /// 附件包：由 export --files 导出，补入已导入台账的附件内容 / The file is an archive made by `export --files`: content for the kept files of a book that came in.
    #[arg(long, conflicts_with_all = ["book", "conventions", "partial", "findings"])]
    pub files: bool,
    /// 账本文件 / The book: .xlsx, .xls or .csv.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// 经办人的登录名；导入的客户和贷款由其管户 / Who imports; the customers and loans will be this person's.
    #[arg(long, value_name = "LOGIN")]
    pub user: String,
    /// 约定（JSON），未写的项用上次的或常用的 / Answers to what the book does not say; what is left out is proposed.
    #[arg(long, value_name = "JSON FILE")]
    pub conventions: Option<PathBuf>,
    /// 只试算，不写入 / Only try it out; nothing is written but the attempt.
    #[arg(long)]
    pub dry_run: bool,
    /// 有错误行时写入其余 / Write the rest where rows are refused.
    #[arg(long)]
    pub partial: bool,
    /// 带校验结果的原文件存到这里 / Where to put the own file with what was found beside its rows; must not exist yet.
    #[arg(long, value_name = "OUT.xlsx")]
    pub findings: Option<PathBuf>,
}

/// `loanward export` (导出整本台账).
#[derive(Debug, Clone, Args)]
pub struct Export {
    /// 不写台账，写附件内容（明文）/ Instead of the workbook an archive with the content of kept files, in clear.
    #[arg(long, conflicts_with = "clear")]
    pub files: bool,
    /// 写到哪里，不得已存在 / The new workbook; must not exist yet.
    #[arg(value_name = "FILE.xlsx")]
    pub file: PathBuf,
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// 导出人的登录名 / Who exports.
    #[arg(long, value_name = "LOGIN")]
    pub user: String,
    /// 导出原因，记入审计 / Why; it stands in the audit trail.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// 证件号、电话、账号以明文导出；只有这样的工作簿才能再导入 / Personal data in clear: only such a workbook can come in again.
    #[arg(long)]
    pub clear: bool,
}

/// `loanward close` (日终).
#[derive(Debug, Clone, Args)]
pub struct Close {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// 关到哪一天（含） / The last business day to close.
    #[arg(long, value_name = "DATE")]
    pub until: Date,
}

/// `loanward rebuild` (重建缓存).
#[derive(Debug, Clone, Args)]
pub struct Rebuild {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// 只比较，不写入；有不符则以 1 结束 / Only compare and name what differs; ends with 1 when something does.
    #[arg(long)]
    pub verify: bool,
}

/// `loanward bench` (压测).
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// 日终压测 / Close a usual day, a month and a heavy day of a made-up book, beside the floor of the same rows.
    Close(BenchClose),
    /// 页面压测 / Read pages of a made-up book over HTTP, alone and with many readers beside a close.
    Pages(BenchPages),
    /// 对比压测 / Compare a draft of the rules on many made-up customers.
    Compare(BenchCompare),
}

/// `loanward bench compare` (对比压测).
#[derive(Debug, Clone, Args)]
pub struct BenchCompare {
    /// 客户数 / How many customers; rounded up to whole thousands.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub customers: usize,
    /// 临时目录的位置 / Where the temporary folder is made; default: the system's.
    #[arg(long, value_name = "DIR")]
    pub within: Option<PathBuf>,
}

/// `loanward bench pages` (页面压测).
#[derive(Debug, Clone, Args)]
pub struct BenchPages {
    /// 借据笔数 / How many loans; rounded down to whole thousands above a thousand.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub loans: usize,
    /// 同时阅读的人数 / How many read at once beside the close.
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub readers: usize,
    /// 每页停留毫秒 / Milliseconds that each reader looks at a page before the next.
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    pub pause: u64,
    /// 单人阅读次数 / How often each page is read alone before.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub rounds: usize,
    /// 临时目录的位置 / Where the temporary folder is made; default: the system's.
    #[arg(long, value_name = "DIR")]
    pub within: Option<PathBuf>,
}

/// `loanward bench close` (日终压测).
#[derive(Debug, Clone, Args)]
pub struct BenchClose {
    /// 借据笔数 / How many loans; rounded down to whole thousands above a thousand.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub loans: usize,
    /// 另关一个月 / Also close the days of a month, with their repayments.
    #[arg(long)]
    pub month: bool,
    /// 临时目录的位置 / Where the temporary folder is made; default: the system's.
    #[arg(long, value_name = "DIR")]
    pub within: Option<PathBuf>,
}

/// `loanward audit` (审计链).
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// 核验审计链 / Read every chain and every daily root; names the first broken link.
    Verify {
        /// Where the data is.
        #[command(flatten)]
        place: Place,
        /// 外部保存的每日审计根 / Compare with the roots that were kept outside, as `audit anchor` printed them.
        #[arg(long, value_name = "FILE")]
        anchor: Option<PathBuf>,
    },
    /// 打印每日审计根 / Print the roots of all sealed days, to be kept outside: on paper, on another machine.
    Anchor {
        /// Where the data is.
        #[command(flatten)]
        place: Place,
    },
}

/// `loanward key` (密钥).
#[derive(Debug, Subcommand)]
pub enum Key {
    /// 轮换密钥 / Seal every identity number, phone and account anew with a new key; people go on meanwhile.
    Rotate {
        /// Where the data is.
        #[command(flatten)]
        place: Place,
    },
}

/// What seals and opens a backup (备份密钥).
#[derive(Debug, Clone, Args)]
pub struct SealedWith {
    /// 备份密钥文件 / The backup key file.
    #[arg(long, value_name = "FILE", env = "LOANWARD_BACKUP_KEY")]
    pub key_file: Option<PathBuf>,
    /// 口令文件，- 为标准输入 / A file with the passphrase, - for standard input; else LOANWARD_BACKUP_PASSPHRASE.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// `loanward backup` (备份).
#[derive(Debug, Clone, Args)]
pub struct Backup {
    /// Where the data is.
    #[command(flatten)]
    pub place: Place,
    /// 备份文件 / The new file; an existing one is never overwritten.
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// What seals it.
    #[command(flatten)]
    pub key: SealedWith,
    /// 生成备份密钥文件 / Make a backup key file instead, once.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    pub new_key: Option<PathBuf>,
}

/// `loanward restore` (恢复).
#[derive(Debug, Clone, Args)]
pub struct Restore {
    /// 备份文件 / The backup.
    pub file: PathBuf,
    /// Where the data will be.
    #[command(flatten)]
    pub place: Place,
    /// What opens it.
    #[command(flatten)]
    pub key: SealedWith,
    /// 只核对文件，不恢复 / Only read the file through: authentic, whole, its rows as many as it says.
    #[arg(long)]
    pub check: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_data_stand_in_a_folder_of_their_own_unless_said_otherwise() {
        let Command::Serve(serve) = Cli::parse_from(["loanward", "serve"]).command else { panic!("serve") };
        assert_eq!(serve.place.data, PathBuf::from("loanward-data"));
        assert!(serve.listen.host.is_loopback());
        let Command::Close(close) =
            Cli::parse_from(["loanward", "close", "--until", "2026-11-20", "--data", "x"]).command
        else {
            panic!("close")
        };
        assert_eq!((close.until.to_string().as_str(), close.place.data), ("2026-11-20", PathBuf::from("x")));
    }
}
