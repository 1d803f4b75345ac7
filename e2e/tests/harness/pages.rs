//! A server of a few fixed pages, as small as a server can be.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

/// A running server of sample pages; it ends with the test's process.
pub struct Pages {
    address: String,
}

impl Pages {
    /// Starts it on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || answer(stream));
            }
        });
        Self { address }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }
}

fn answer(mut stream: TcpStream) {
    let mut request = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let _ = reader.read_line(&mut request);
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|n| n > 2) {
        header.clear();
    }
    let path = request.split_whitespace().nth(1).unwrap_or("/").split('?').next().unwrap_or("/");
    let (status, kind, body) = page(path);
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // A browser that goes away early is no fault of the test.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}

fn page(path: &str) -> (&'static str, &'static str, String) {
    let body = match path {
        "/form" => FORM,
        "/table" => TABLE,
        "/loan" => "<h1>Loan JJ-0001</h1>",
        "/size" => "<p id=p></p><script>p.textContent = `${innerWidth} wide, speaks ${navigator.language}`</script>",
        "/en" => "<p>Hello</p><a href='/zh' lang='zh-CN' hreflang='zh-CN'>中文</a>",
        "/zh" => "<p>你好</p><details><summary>菜单</summary><a href='/en' lang='en'>English</a></details>",
        "/throws" => "<script>throw new Error('broken')</script>",
        "/missing-picture" => "<img src='/none.png' alt=''>",
        "/outside" => "<link rel=stylesheet href='http://fonts.example.com/plex.css'>",
        "/hidden" => "<button style='display:none'>Secret</button><button disabled>Disabled</button>",
        "/wide" => "<div style='width:1000px'>wide</div>",
        "/refuses" => return ("422 Unprocessable Entity", "text/html; charset=utf-8", html("en", "<p>wrong</p>")),
        "/export.csv" => return ("200 OK", "application/octet-stream", "loan,overdue\n".to_owned()),
        "/icon.svg" => return ("200 OK", "image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>".to_owned()),
        _ => return ("404 Not Found", "text/html; charset=utf-8", html("en", "<p>nothing here</p>")),
    };
    let language = if path == "/zh" { "zh-CN" } else { "en" };
    ("200 OK", "text/html; charset=utf-8", html(language, body))
}

fn html(language: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang='{language}'><head><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <link rel=icon href='/icon.svg'><title>Sample</title></head><body>{body}</body></html>"
    )
}

const FORM: &str = "<form id=f>
<label for=n>Name *</label><input id=n>
<label>Product：<select id=s><option value=''>-</option><option value=micro>Micro loan</option></select></label>
<label>Due on <input id=d type=date></label>
<label><input id=a type=checkbox> Agreed</label>
<label>Book <input id=b type=file></label>
<input id=m placeholder='金额'>
<button>Save</button></form><p id=out></p>
<script>f.onsubmit = (e) => { e.preventDefault();
  out.textContent = `saved: ${n.value} / ${s.value} / ${d.value} / ${a.checked ? 'yes' : 'no'} / ${m.value} ${b.files[0].name}`; }</script>";

const TABLE: &str = "<table style='display:none' class=ledger><tr><td>hidden</td></tr></table>
<table class=ledger><tr><th>Loan</th><th>Overdue</th></tr>
<tr><td><a href='/loan'>JJ-0001</a></td><td> 1,200.50 </td></tr><tr><td>JJ-0002</td><td>0.00</td></tr></table>
<a href='/export.csv' download>Export</a><p id=late></p>
<script>setTimeout(() => { late.textContent = 'arrived  late' }, 400)</script>";
