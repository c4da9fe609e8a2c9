//! The door of the administrators' room, and what is done inside.

use std::time::Duration;

use farol::audit::Audit;
use farol::auth::{Administrators, SecondFactor};
use farol::domain::audit::Action;
use farol::domain::caller::FRESH_FOR;
use farol::runtime::Random;
use farol::store::Store;

use crate::emergency;
use crate::harness::{Answer, Browser, House, offered, soon};

#[track_caller]
fn leads_to(answer: &Answer, path: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, path), "{}", answer.body);
}

async fn audit(house: &House) -> Audit {
    Audit::new(Store::open(&house.settings.store).await.unwrap(), house.clock.clone())
}

/// The newest first, of one person.
async fn deeds(house: &House, actor: &str) -> Vec<Action> {
    let entries = audit(house).await.list(None, 100).await.unwrap();
    entries.into_iter().filter(|entry| entry.deed.actor == actor).map(|entry| entry.deed.action).collect()
}

async fn confirm(browser: &Browser, code: &str, to: &str) -> Answer {
    browser.post("/admin/confirm", &[("code", code), ("to", to)]).await
}

#[tokio::test]
async fn an_administrator_enrols_at_the_first_visit_and_goes_on_to_where_they_were_going() {
    let house = House::open().await;
    let browser = house.signed_in("carla").await;
    leads_to(&browser.get("/admin/bans").await, "/admin/confirm?to=%2Fadmin%2Fbans");
    let page = browser.get("/admin/confirm?to=%2Fadmin%2Fbans").await;
    let secret = offered(&page).expect("a secret to scan");
    assert_eq!(offered(&browser.get("/admin/confirm").await), Some(secret.clone()), "the same when it is loaded again");
    page.assert_says("<svg viewBox=");
    let held = browser.twin();
    let wrong = confirm(&browser, "000000", "/admin/bans").await;
    assert_eq!(wrong.status, 401);
    assert_eq!(offered(&wrong), Some(secret.clone()));
    leads_to(&browser.get("/admin").await, "/admin/confirm?to=%2Fadmin");
    let code = house.code_of(&secret);
    leads_to(&confirm(&browser, &code, "/admin/bans").await, "/admin/bans");
    assert_eq!(browser.get("/admin/bans").await.status, 200);
    leads_to(&held.get("/admin").await, "/?ended=renewed&next=%2Fadmin");
    let expected = [Action::Confirmed, Action::FactorEnrolled, Action::ConfirmationRefused, Action::SignIn];
    assert_eq!(deeds(&house, "carla").await, expected);
    assert_eq!(offered(&house.signed_in("carla").await.get("/admin/confirm").await), None, "nobody enrols twice");
    house.close().await;
}

#[tokio::test]
async fn a_code_opens_once_and_a_second_session_asks_for_another() {
    let house = House::open().await;
    let first = house.signed_in("carla").await;
    let secret = offered(&first.get("/admin/confirm").await).unwrap();
    let code = house.code_of(&secret);
    leads_to(&confirm(&first, &code, "").await, "/admin");
    let second = house.signed_in("carla").await;
    let replayed = confirm(&second, &code, "").await;
    assert_eq!(replayed.status, 401);
    replayed.assert_says("já foi usado");
    leads_to(&second.get("/admin").await, "/admin/confirm?to=%2Fadmin");
    house.keep("carla", &secret);
    house.pass(Duration::from_mins(1)).await;
    leads_to(&house.confirm(&second, "carla").await, "/admin");
    assert_eq!(second.get("/admin").await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn whoever_guesses_codes_waits_and_nobody_else_does() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    let thief = house.signed_in("carla").await;
    let statuses = async {
        let mut statuses = Vec::new();
        for guess in 0..7 {
            statuses.push(confirm(&thief, &format!("00000{guess}"), "").await.status);
        }
        statuses
    };
    assert_eq!(statuses.await, [401, 401, 401, 401, 429, 429, 429]);
    let bans = browser.get("/admin/bans").await;
    bans.assert_says("carla, a partir de 127.0.0.1");
    bans.assert_says("código de administrador");
    let ban = bans.body.split("name=\"ban\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    leads_to(&browser.post("/admin/bans/lift", &[("ban", &crate::harness::unescaped(ban))]).await, "/admin/bans");
    browser.get("/admin/bans").await.assert_says("Ninguém está esperando");
    leads_to(&house.confirm(&thief, "carla").await, "/admin");
    assert_eq!(house.signed_in("ana").await.get("/dashboard").await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn whoever_goes_on_guessing_from_address_to_address_is_signed_out_and_administrators_are_told() {
    let house = House::with(|settings| settings.web.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()]).await;
    let carla = house.administrator("carla").await;
    let thief = house.signed_in("carla").await;
    let guess = |number| {
        let window = thief.twin().saying("x-forwarded-for", &format!("203.0.113.{number}"));
        async move { confirm(&window, &format!("00000{number}"), "").await.status }
    };
    for number in 0..9 {
        assert_eq!(guess(number).await, 401);
        house.hand.advance(Duration::from_secs(20));
    }
    assert_eq!(thief.get("/dashboard").await.status, 200);
    let mut socket = carla.live().await;
    soon(socket.until("id=\"bell\"")).await;
    assert_eq!(guess(9).await, 401);
    leads_to(&thief.get("/dashboard").await, "/?ended=codes");
    soon(socket.until("Alguém está adivinhando códigos")).await;
    assert_eq!(carla.get("/admin").await.status, 200);
    let again = house.signed_in("carla").await.saying("x-forwarded-for", "203.0.113.99");
    assert_eq!(confirm(&again, "000000", "").await.status, 429, "and everybody new waits");
    house.close().await;
}

#[tokio::test]
async fn after_ten_minutes_what_gives_power_asks_again_and_leads_back_to_the_page_of_the_form() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    house.hand.advance(FRESH_FOR);
    assert_eq!(browser.get("/admin/sessions").await.status, 200, "looking needs no second code");
    let form = [("session", "x")];
    let referer = format!("{}/admin/sessions?q=ana", browser.origin());
    let headers = |htmx: bool| {
        let mut headers = vec![("accept", "text/html"), ("sec-fetch-site", "same-origin")];
        headers.push(if htmx { ("hx-current-url", referer.as_str()) } else { ("referer", referer.as_str()) });
        headers.extend(htmx.then_some(("hx-request", "true")));
        headers
    };
    let there = "/admin/confirm?to=%2Fadmin%2Fsessions%3Fq%3Dana&form=yes";
    leads_to(&browser.form("/admin/sessions/end", &form, &headers(false)).await, there);
    let piece = browser.form("/admin/sessions/end", &form, &headers(true)).await;
    assert_eq!((piece.status, piece.header("hx-redirect")), (403, there));
    let json = [("accept", "application/json"), ("sec-fetch-site", "same-origin")];
    let answer = browser.form("/admin/sessions/end", &form, &json).await;
    assert_eq!((answer.status, answer.json()["code"].as_str()), (403, Some("confirmation_needed")));
    browser.get(there).await.assert_says("com o que digitou");
    let code = house.next_code("carla").await;
    leads_to(&confirm(&browser, &code, "/admin/sessions?q=ana").await, "/admin/sessions?q=ana");
    assert_eq!(browser.post("/admin/sessions/end", &form).await.status, 404, "it is asked for no more");
    house.close().await;
}

#[tokio::test]
async fn a_code_closes_what_was_opened_with_the_cookie_of_before_and_the_new_one_opens_it_again() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    let thief = browser.twin();
    let mut taken = thief.live().await;
    let mut tab = browser.live().await;
    for socket in [&mut taken, &mut tab] {
        soon(socket.until("id=\"bell\"")).await;
    }
    house.hand.advance(FRESH_FOR);
    leads_to(&house.confirm(&browser, "carla").await, "/admin");
    for socket in [&mut taken, &mut tab] {
        assert_eq!(soon(socket.end()).await, Some(1012));
    }
    assert_eq!(thief.post("/live/ticket", &[]).await.status, 401);
    soon(browser.live().await.until("id=\"bell\"")).await;
    house.close().await;
}

#[tokio::test]
async fn a_code_leads_to_no_other_site_and_not_round_in_circles() {
    let house = House::open().await;
    let browser = house.signed_in("carla").await;
    for to in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/admin/confirm?to=/x"]
    {
        let query: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let page = browser.get(&format!("/admin/confirm?to={query}")).await;
        page.assert_says("name=\"to\" value=\"/admin\"");
    }
    let secret = offered(&browser.get("/admin/confirm").await).unwrap();
    house.keep("carla", &secret);
    let code = house.next_code("carla").await;
    leads_to(&confirm(&browser, &code, "//evil.example").await, "/admin");
    leads_to(&browser.get("/admin/confirm?to=https%3A%2F%2Fevil.example").await, "/admin");
    house.close().await;
}

#[tokio::test]
async fn nobody_else_gets_to_the_door_and_who_loses_the_role_is_out() {
    let house = House::with(|settings| "financeiro".clone_into(&mut settings.auth.administrators_group)).await;
    let employee = house.signed_in("carla").await;
    for path in ["/admin", "/admin/confirm", "/admin/sessions", "/admin/audit.csv"] {
        let answer = employee.get(path).await;
        assert_eq!(answer.status, 403, "{path}");
        answer.assert_says("não tem permissão");
    }
    assert!(!employee.get("/dashboard").await.body.contains("href=\"/admin\""));
    let ana = house.administrator("ana").await;
    ana.get("/dashboard").await.assert_says("href=\"/admin\"");
    house.turn("user-moved", true);
    let gone = house.pass_until(async {
        loop {
            let answer = ana.get("/admin").await;
            if answer.status == 303 {
                return answer;
            }
        }
    });
    leads_to(&gone.await, "/?ended=role&next=%2Fadmin");
    house.close().await;
}

#[tokio::test]
async fn nobody_enrols_in_a_browser_that_was_left_open() {
    let house = House::open().await;
    let browser = house.signed_in("carla").await;
    let secret = offered(&browser.get("/admin/confirm").await).unwrap();
    house.hand.advance(FRESH_FOR);
    let page = browser.get("/admin/confirm?to=%2Fadmin%2Faudit").await;
    assert_eq!(offered(&page), None);
    page.assert_says("Sair e entrar de novo");
    assert_eq!(confirm(&browser, &house.code_of(&secret), "").await.status, 401);
    leads_to(&browser.post("/logout", &[("next", "/admin/audit")]).await, "/?ended=signed-out&next=%2Fadmin%2Faudit");
    house.close().await;
}

#[tokio::test]
async fn a_reset_ends_what_was_open_and_lets_them_enrol_another() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    let store = Store::open(&house.settings.store).await.unwrap();
    let trail = audit(&house).await;
    let administrators = Administrators::new(store, trail, house.clock.clone(), Random::seeded(5));
    assert!(!administrators.reset_factor("ana").await.unwrap());
    assert!(administrators.reset_factor("carla").await.unwrap());
    assert_eq!(deeds(&house, "farol admin").await, [Action::FactorReset]);
    leads_to(&browser.get("/admin").await, "/?next=%2Fadmin");
    assert!(offered(&house.signed_in("carla").await.get("/admin/confirm").await).is_some());
    house.close().await;
}

#[tokio::test]
async fn the_break_glass_administrator_is_confirmed_by_the_code_of_the_sign_in_and_confirms_by_the_next() {
    let house = House::open().await;
    let secret = emergency::create_administrator(&house).await;
    house.keep("plantao", secret.reveal());
    house.pass(Duration::from_mins(1)).await;
    let browser = house.browser();
    leads_to(&emergency::sign_in(&house, &browser, &secret).await, "/dashboard");
    assert_eq!(browser.get("/admin").await.status, 200);
    house.hand.advance(FRESH_FOR);
    assert_eq!(browser.get("/admin").await.status, 200);
    assert_eq!(browser.post("/admin/bans/lift", &[("ban", "x")]).await.header("location"), "/admin/confirm?form=yes");
    leads_to(&house.confirm(&browser, "plantao").await, "/admin");
    leads_to(&browser.post("/admin/bans/lift", &[("ban", "x")]).await, "/admin/bans");
    house.close().await;
}

#[tokio::test]
async fn with_the_second_factor_off_the_password_opens_the_room_and_every_page_of_it_says_so() {
    let house = House::with(|settings| settings.auth.second_factor = SecondFactor::Off).await;
    let browser = house.signed_in("carla").await;
    for path in ["/admin", "/admin/sessions", "/admin/bans", "/admin/audit"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        page.assert_says("Administração sem segundo fator");
    }
    leads_to(&browser.get("/admin/confirm?to=%2Fadmin%2Fbans").await, "/admin/bans");
    leads_to(&browser.post("/admin/bans/lift", &[("ban", "x")]).await, "/admin/bans");
    assert_eq!(house.signed_in("ana").await.get("/admin").await.status, 403);
    house.close().await;

    let house = House::open().await;
    let page = house.administrator("carla").await.get("/admin").await;
    assert!(!page.body.contains("Administração sem segundo fator"));
    house.close().await;
}

#[tokio::test]
async fn every_entry_of_the_rail_leads_to_a_page_that_marks_it() {
    let house = House::open().await;
    let browser = house.administrator("carla").await;
    let page = browser.get("/admin").await;
    let rail = page.body.split("class=\"rail-entry\" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let rail: Vec<&str> = rail.collect();
    assert!(rail.len() >= 4, "{rail:?}");
    for path in rail {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let marked = page.body.split("aria-current=\"page\"").count() - 1;
        assert_eq!(marked, 1, "{path}");
        let entry = page.body.split("aria-current=\"page\"").next().unwrap().rsplit("<a ").next().unwrap().to_owned();
        assert!(entry.contains(&format!("href=\"{path}\"")), "{entry}");
    }
    house.close().await;
}

#[tokio::test]
async fn an_administrator_finds_anybodys_session_and_ends_it_or_all_of_them() {
    let house = House::open().await;
    let (desk, phone) = (house.signed_in("ana").await, house.signed_in("ana").await);
    let bruno = house.signed_in("bruno").await;
    let carla = house.administrator("carla").await;
    let all = carla.get("/admin/sessions").await;
    for text in ["3 pessoas, 4 sessões", "Ana Lima", "Bruno", "Este navegador", "Encerrar as 2"] {
        all.assert_says(text);
    }
    let found = carla.get("/admin/sessions?q=BRUNO").await;
    found.assert_says("1 pessoa, 1 sessão");
    assert!(!found.body.contains("Ana Lima"));
    carla.get("/admin/sessions?q=nobody").await.assert_says("Ninguém encontrado");
    assert_eq!(carla.get("/admin/sessions?page=99999999999999999999&sort=x").await.status, 200);
    let id = |page: &Answer| page.body.split("data-id=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let ask = carla.get(&format!("/admin/sessions/end?session={}", id(&found))).await;
    ask.assert_says("Encerrar esta sessão?");
    leads_to(&carla.post("/admin/sessions/end", &[("session", &id(&found))]).await, "/admin/sessions");
    leads_to(&bruno.get("/dashboard").await, "/?ended=administrator");
    let hers = id(&carla.get("/admin/sessions?q=ana").await);
    carla.get(&format!("/admin/sessions/end?session={hers}&all=yes")).await.assert_says("todas as sessões");
    leads_to(&carla.post("/admin/sessions/end", &[("session", &hers), ("all", "yes")]).await, "/admin/sessions");
    for browser in [&desk, &phone] {
        leads_to(&browser.get("/dashboard").await, "/?ended=administrator");
    }
    assert_eq!(carla.post("/admin/sessions/end", &[("session", &hers)]).await.status, 404);
    assert_eq!(carla.get(&format!("/admin/sessions/end?session={hers}")).await.status, 404);
    assert_eq!(carla.get("/admin").await.status, 200);
    house.close().await;
}

#[tokio::test]
async fn the_trail_is_searched_in_pages_taken_away_as_a_file_and_verified() {
    let house = House::open().await;
    let guesser = house.browser();
    guesser.sign_in("=cmd()\"><img src=x onerror=1>", "wrong").await;
    let carla = house.administrator("carla").await;
    let page = carla.get("/admin/audit").await;
    for text in ["Entrada recusada", "Segundo fator cadastrado", "ainda não foi conferida"] {
        page.assert_says(text);
    }
    assert!(!page.body.contains("<img src=x"), "{}", page.body);
    let rows = |page: &Answer| page.body.matches("class=\"row-number\"").count();
    assert_eq!(rows(&carla.get("/admin/audit?action=sign_in_refused").await), 1);
    assert_eq!(rows(&carla.get("/admin/audit?actor=carla&q=127.0.0").await), 3);
    assert_eq!(rows(&carla.get("/admin/audit?q=%25").await), 0, "a percent sign is a percent sign");
    assert_eq!(rows(&carla.get("/admin/audit?before=2").await), 1);
    let cross = carla.ask("GET", "/admin/audit.csv", &[("sec-fetch-site", "cross-site")], "").await;
    assert_eq!(cross.status, 403);
    let file = carla.get("/admin/audit.csv").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"farol-auditoria.csv\"");
    assert_eq!(file.header("cache-control"), "no-store");
    file.assert_says("\"'=cmd()\"\"><img src=x onerror=1>\"");
    assert_eq!(deeds(&house, "carla").await[0], Action::AuditExported);
    leads_to(&carla.post("/admin/audit/verify", &[]).await, "/admin/audit");
    let verified = house.pass_until(async {
        loop {
            let piece = carla.get("/admin/audit/verdict").await;
            if !piece.body.contains("aria-busy") {
                return piece;
            }
        }
    });
    verified.await.assert_says("Íntegra: 5 registros");
    house.close().await;
}
