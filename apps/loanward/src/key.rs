//! `loanward key rotate` (轮换密钥).

use platform::vault::rotation::{self, Pace};

use crate::command::Place;
use crate::failure::Failure;
use crate::house;

/// Changes the key to personal data, or goes on with a change that was interrupted.
pub async fn rotate(place: Place) -> Result<(), Failure> {
    let app = house::open_book(&place).await?;
    let mut tell = |column: &str, done: u64| eprintln!("{column:<32} {done:>9}");
    let ended = rotation::rotate(&app, Pace::default(), &mut tell).await;
    app.db.close().await;
    let rotated = ended?;
    let key = place.data.join(house::KEY_FILE);
    if rotated.continued {
        println!("went on with the change of the key that was begun before / 继续此前中断的密钥轮换");
    }
    println!("key {} -> {}: {} values sealed anew", rotated.from, rotated.to, rotated.resealed);
    println!(
        "{}\n\
         请立即另存新的密钥文件，与备份分开存放；它同时保存以前的密钥，因此轮换之前的备份仍可恢复和读取。\n\
         Copy the new key file now and keep it apart from the backups. It holds the former keys too, so backups from\n\
         before stay readable with it; keep the earlier copies as well.",
        key.display()
    );
    if let Some(former) = rotated.former_file {
        println!("the key file as it was / 轮换前的密钥文件: {}", former.display());
    }
    Ok(())
}
