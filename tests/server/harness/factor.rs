//! An administrator at their desk, the authenticator beside it.

use std::time::Duration;

use super::{Answer, Browser, House};

/// How long an authenticator shows a code, which is taken once.
const STEP: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
pub struct Authenticator {
    secret: String,
    /// Of the last code that was typed.
    step: i64,
}

impl House {
    /// Signed in, enrolled, confirmed just now.
    pub async fn administrator(&self, username: &str) -> Browser {
        let browser = self.signed_in(username).await;
        let page = browser.get("/admin/confirm").await;
        if let Some(secret) = offered(&page) {
            self.keep(username, &secret);
        }
        let answer = self.confirm(&browser, username).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/admin"), "{}", answer.body);
        browser
    }

    /// Scans the secret.
    pub fn keep(&self, username: &str, secret: &str) {
        let authenticator = Authenticator { secret: secret.to_owned(), step: 0 };
        self.authenticators.lock().unwrap().insert(username.to_owned(), authenticator);
    }

    /// On the way to the first page of the room.
    pub async fn confirm(&self, browser: &Browser, username: &str) -> Answer {
        let code = self.next_code(username).await;
        browser.post("/admin/confirm", &[("code", &code)]).await
    }

    /// One that was not typed before, waited for if need be.
    pub async fn next_code(&self, username: &str) -> String {
        let last = self.authenticators.lock().unwrap()[username].step;
        while self.step() <= last {
            self.pass(STEP / 10).await;
        }
        let mut all = self.authenticators.lock().unwrap();
        let authenticator = all.get_mut(username).unwrap();
        authenticator.step = self.step();
        self.code_of(&authenticator.secret)
    }

    fn step(&self) -> i64 {
        self.clock.now().as_millis() / i64::try_from(STEP.as_millis()).unwrap()
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
