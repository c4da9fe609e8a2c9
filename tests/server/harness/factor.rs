//! An administrator at their desk, the authenticator beside it.

use std::time::Duration;

use super::{Answer, Browser, House};

/// No code of a step that is over is asked for again.
const STEP: Duration = Duration::from_secs(30);

impl House {
    /// Signed in, enrolled, confirmed just now.
    pub async fn administrator(&self, username: &str) -> Browser {
        let browser = self.signed_in(username).await;
        let page = browser.get("/admin/confirm").await;
        if let Some(secret) = offered(&page) {
            self.secrets.lock().unwrap().insert(username.to_owned(), secret);
        }
        let answer = self.confirm(&browser, username).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin"), "{}", answer.body);
        browser
    }

    /// With the next code, on the way to the first page of the room.
    pub async fn confirm(&self, browser: &Browser, username: &str) -> Answer {
        self.hand.advance(STEP);
        let code = self.code(username);
        browser.post("/admin/confirm", &[("code", &code)]).await
    }

    /// What the authenticator of an administrator shows.
    pub fn code(&self, username: &str) -> String {
        let secret = self.secrets.lock().unwrap().get(username).cloned().expect("somebody enrolled");
        self.code_of(&secret)
    }

    pub fn code_of(&self, secret: &str) -> String {
        let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).with_account_name("anybody").build().unwrap();
        totp.generate(u64::try_from(self.clock.now().as_millis() / 1_000).unwrap()).to_string()
    }
}

/// The secret a page shows, if it offers one.
pub fn offered(page: &Answer) -> Option<String> {
    let shown = page.body.split("class=\"enrol-secret\">").nth(1)?.split("</p>").next()?;
    let groups = shown.split("<span>").skip(1).filter_map(|rest| rest.split("</span>").next());
    Some(groups.collect())
}
