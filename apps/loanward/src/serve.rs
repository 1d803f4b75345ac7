//! `loanward serve` (启动服务): the pages, and on the first start the institution.

use std::net::SocketAddr;
use std::sync::Arc;

use platform::access::actions::{FirstUser, SetUp, set_up};
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::backup::BackupKey;
use platform::backup::schedule::{self, BackupPlace};
use platform::clock::civil_day;
use platform::error::ActionError;
use platform::first_run::Rehearsal;
use platform::locale::Lang;
use platform::vault::mask_numbers;
use platform::work::Work;
use platform::{calendar, first_run, policies, server, web};
use tokio::net::TcpListener;

use crate::command::{First, Listen, Serve};
use crate::failure::Failure;
use crate::house::{self, Build, Opened};
use crate::rehearsal::DemoBook;
use crate::shipped;

/// The role of the first user: everything that is needed to let others in.
const ADMINISTRATOR: &str = "system_admin";

/// Serves until it is told to stop.
pub async fn run(how: Serve) -> Result<(), Failure> {
    let _held = house::hold(&how.place)?;
    let backups = match (&how.backup_dir, &how.backup_key) {
        (Some(folder), Some(key)) => Some(BackupPlace { folder: folder.clone(), key: BackupKey::open_file(key)? }),
        (None, _) | (_, None) => None,
    };
    let build = Build {
        pack: how.first.pack().to_owned(),
        work: "serve",
        behind_proxy: how.behind_proxy,
        backups,
        outbox_folder: how.outbox_dir.clone(),
        first_run: !how.first.is_named(),
        // Behind a proxy, or from another machine, its port could not be reached.
        rehearsal: (how.listen.host.is_loopback() && !how.behind_proxy)
            .then(|| Arc::new(DemoBook::below(&how.place.data)) as Arc<dyn Rehearsal>),
        ..Build::plain()
    };
    let opened = house::open(&how.place, build).await?;
    if opened.empty && how.first.is_named() {
        first_start(&opened, &how.first).await?;
    }
    let copies = tokio::spawn(schedule::keep(opened.app.clone()));
    let books = tokio::spawn(platform::book::keep(opened.app.clone()));
    let ended = listen(&opened.app, &how.listen).await;
    copies.abort();
    books.abort();
    ended
}

/// Sets the institution up and hands over the first password, once.
pub(crate) async fn first_start(opened: &Opened, first: &First) -> Result<(), Failure> {
    let opens_on = first.opens_on.unwrap_or_else(|| civil_day(opened.app.clock.now()));
    let admin = FirstUser {
        login: first.admin.clone().unwrap_or_else(|| "admin".to_owned()),
        name: "系统管理员".to_owned(),
        roles: vec![ADMINISTRATOR.to_owned()],
        password: None,
        must_change: true,
        lang: Lang::ZhCn,
    };
    let wish = SetUp {
        institution: first.institution.clone().unwrap_or_else(|| "未命名机构".to_owned()),
        head_office: first.head_office.clone().unwrap_or_else(|| "本部".to_owned()),
        opens_on,
        users: vec![admin],
    };
    refuse_numbers(&wish)?;
    let made = set_up(&opened.app, &wish).await?;
    install(&opened.app, first.pack()).await?;
    println!("已建账：{}，首个营业日 {opens_on} / set up; the first business date is {opens_on}", wish.institution);
    for ((_, password), user) in made.iter().zip(&wish.users) {
        println!("登录 / log in:   {}", user.login);
        println!("一次性口令 / one-time password:   {password}");
        println!("首次登录后必须更改，此后不再显示 / must be changed at the first log-in and is not shown again");
    }
    println!(
        "密钥文件 / key file:   {}\n\
         个人信息用它加密。请立即复制一份，与数据库备份分开存放；丢失后任何人（包括我们）都无法恢复证件号、电话和账号。\n\
         It seals personal data. Copy it now and keep the copy apart from the backups; when it is lost, nobody, us\n\
         included, can read identity numbers, phones and accounts again.",
        opened.key_file.display()
    );
    Ok(())
}

/// Refuses a name that holds an identity number or a mobile number, as the browser's set-up does: it would stand on every
/// page, and half covered.
fn refuse_numbers(wish: &SetUp) -> Result<(), Failure> {
    for (option, name) in [("--institution", &wish.institution), ("--head-office", &wish.head_office)] {
        if mask_numbers(name) != *name {
            return Err(Failure::Input(format!(
                "{option}：名称中不能有身份证号或手机号，它显示在每个页面上；没有建账，请改用不含号码的名称 / \
                 {option}: a name cannot hold an identity number or a mobile number, it stands on every page; \
                 nothing was set up, give a name without the number"
            )));
        }
    }
    Ok(())
}

/// Prints the code of the first run, where there is one.
async fn invite(app: &App, address: &SocketAddr) -> Result<(), Failure> {
    let Some(code) = first_run::invite(app).await? else { return Ok(()) };
    println!(
        "首次设置 / first run:   http://{address}/setup\n\
         设置码 / set-up code:   {code}\n\
         两小时内有效，只能用一次；重新启动打印新的 / good for two hours and once; another start prints another"
    );
    Ok(())
}

/// The pack, the calendar and the LPR that ship with the program.
///
/// # Errors
/// A shipped file that cannot be read: a defect of the build.
pub async fn install(app: &App, pack: &str) -> Result<(), ActionError> {
    let mut work = Work::begin(app, Actor::system(Origin::Setup)).await?;
    calendar::import_days(&mut work, &shipped::rest_days(), "国务院办公厅").await?;
    calendar::import_lpr(&mut work, &shipped::lpr()).await?;
    policies::install(&mut work, pack).await?;
    Ok(work.commit().await?)
}

/// Serves the pages and says where, until Ctrl-C or SIGTERM; requests under way are finished.
///
/// # Errors
/// The address cannot be taken.
pub async fn listen(app: &App, at: &Listen) -> Result<(), Failure> {
    let wanted = SocketAddr::new(at.host, at.port);
    let listener = TcpListener::bind(wanted).await.map_err(|error| {
        Failure::Machine(format!(
            "cannot listen on {wanted}: {error}; choose another port with --port, or 0 for a free one"
        ))
    })?;
    let address = listener.local_addr().map_err(Failure::machine)?;
    let router = web::router(app);
    invite(app, &address).await?;
    println!("listening on http://{address}");
    tracing::info!(%address, "serving");
    let sender = tokio::spawn(platform::outbox::keep(app.clone()));
    let exports = tokio::spawn(platform::list_export::keep(app.clone()));
    let batches = tokio::spawn(platform::batch::keep(app.clone()));
    web::serve(listener, router, web::Patience::default(), told_to_stop()).await;
    sender.abort();
    exports.abort();
    batches.abort();
    if let Err(error) = server::give_back(app).await {
        tracing::warn!(%error, "the number of this process is free again in a minute");
    }
    app.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Ends when the person or the machine asks the program to stop.
async fn told_to_stop() {
    let by_hand = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let by_machine = async {
            match signal(SignalKind::terminate()) {
                Ok(mut terminate) => drop(terminate.recv().await),
                Err(_) => std::future::pending::<()>().await,
            }
        };
        tokio::select! { () = by_hand => {}, () = by_machine => {} }
    }
    #[cfg(not(unix))]
    by_hand.await;
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::command::Place;

    const OPENS: Date = jiff::civil::date(2026, 11, 20);

    #[tokio::test]
    async fn the_first_start_sets_up_and_the_second_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().to_owned(), database_url: None };
        let first =
            First {
                institution: Some("示例小额贷款有限公司".to_owned()), opens_on: Some(OPENS), ..First::default()
            };
        let opened = house::open(&place, Build::plain()).await.unwrap();
        for (institution, head_office) in [("某13900004321", "本部"), ("某公司", "11010519491231002X 分部")] {
            let (institution, head_office) = (Some(institution.to_owned()), Some(head_office.to_owned()));
            let numbered = First { institution, head_office, ..first.clone() };
            let refused = first_start(&opened, &numbered).await.unwrap_err();
            assert!(matches!(&refused, Failure::Input(words) if words.contains("nothing was set up")), "{refused}");
        }
        // Nothing stands: the first start with a name sets up.
        first_start(&opened, &first).await.unwrap();
        opened.app.db.close().await;

        let again = house::open(&place, Build::plain()).await.unwrap();
        assert!(!again.empty);
        let mut work = Work::read(&again.app, Actor::system(Origin::Console)).await.unwrap();
        assert_eq!(work.business_date, OPENS);
        assert!(policies::in_force(&mut work, OPENS).await.is_ok());
        let second = SetUp {
            institution: "另一家".to_owned(),
            head_office: "本部".to_owned(),
            opens_on: OPENS,
            users: Vec::new(),
        };
        assert_eq!(set_up(&again.app, &second).await.unwrap_err().refusal().unwrap().code, "already-set-up");
    }
}
