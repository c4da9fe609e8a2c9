//! What a setting is by default, what follows from it, and what is warned of.

use std::time::Duration;

use super::*;
use crate::auth::{Authenticator, OnKeyRefused, SecondFactor};

#[test]
fn plain_http_is_refused_unless_the_risk_is_taken() {
    let world = World::complete().with("TRUENAS_API_URL", "http://192.168.1.100/api/v2.0");
    assert!(
        world
            .report()
            .starts_with("Há um problema na configuração:\n\nTRUENAS_API_URL: truenas.url: o endereço usa http")
    );
    let settings = world.with("FAROL_TRUENAS_ALLOW_PLAIN_HTTP", "true").settings();
    assert_eq!(settings.truenas.url().as_str(), "http://192.168.1.100/");
    assert!(settings.truenas.allow_plain_http);
}

#[test]
fn the_status_is_for_everybody_unless_somebody_says_otherwise() {
    assert!(World::complete().settings().web.public_status);
    assert!(!World::complete().with("FAROL_STATUS_PUBLIC", "false").settings().web.public_status);
}

#[test]
fn the_bare_address_may_be_of_either_family_and_the_file_server_takes_it_over() {
    for (address, url, host) in [
        ("fd00::5", "https://[fd00::5]/", "fd00::5"),
        ("nas.local:8443", "https://nas.local:8443/", "nas.local"),
        ("https://nas", "https://nas/", "nas"),
    ] {
        let settings = World::complete().with("TRUENAS_IP", address).settings();
        assert_eq!((settings.truenas.url().as_str(), settings.smb.host.as_str()), (url, host));
    }
}

#[test]
fn without_a_word_about_it_people_sign_in_over_smb_for_eight_hours_and_drives_follow_the_file_server() {
    let Settings { auth, shares: drives, web, .. } = World::complete().with("FAROL_SMB_HOST", "arquivos").settings();
    assert_eq!((auth.authenticator, auth.administrators_group.as_str()), (Authenticator::Smb, "portal-admins"));
    assert_eq!((auth.idle_timeout, auth.on_service_key_refused), (Duration::from_hours(4), OnKeyRefused::LogOut));
    assert_eq!(auth.second_factor, SecondFactor::Required);
    assert_eq!(drives.host, "arquivos");
    assert_eq!(drives.letters.iter().collect::<String>(), shares::LETTERS);
    assert_eq!((drives.fixed_letters.len(), web.trusted_proxies.len()), (0, 0));
    assert_eq!((web.public_url, web.time_zone), (None, None));
}

#[test]
fn lists_and_tables_are_said_in_the_file_or_on_one_line() {
    let file = "[server]\ntrusted_proxies = ['127.0.0.1', '10.1.0.0/16']\npublic_url = 'https://farol.local:8443'\n\
        time_zone = 'America/Sao_Paulo'\n[auth]\nauthenticator = 'truenas-api'\nadministrators_group = 'TI e redes'\n\
        on_service_key_refused = 'keep'\nsecond_factor = 'off'\n\
        [drives]\nhost = 'nas'\nletters = ['M', 'n']\n[drives.fixed]\nFinanceiro = 'F'\n'R&D (2026)!' = 'r:'\n";
    let in_file = World::complete().file("farol.toml", file);
    let on_lines = World::complete()
        .with("FAROL_SERVER_TRUSTED_PROXIES", "127.0.0.1, 10.1.0.0/16")
        .with("FAROL_SERVER_PUBLIC_URL", "https://farol.local:8443/")
        .with("FAROL_SERVER_TIME_ZONE", "America/Sao_Paulo")
        .with("FAROL_AUTH_AUTHENTICATOR", "truenas-api")
        .with("FAROL_AUTH_ADMINISTRATORS_GROUP", "TI e redes")
        .with("FAROL_AUTH_ON_SERVICE_KEY_REFUSED", "keep")
        .with("FAROL_AUTH_SECOND_FACTOR", "off")
        .with("FAROL_DRIVES_HOST", "nas")
        .with("FAROL_DRIVES_LETTERS", "MN")
        .over("drives.fixed=Financeiro=F, R&D (2026)!=R");
    for world in [&in_file, &on_lines] {
        let Settings { auth, shares, web, .. } = world.settings();
        let proxies: Vec<String> = web.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(proxies, ["127.0.0.1/32", "10.1.0.0/16"]);
        assert_eq!(web.public_url.unwrap().as_str(), "https://farol.local:8443/");
        assert_eq!(web.time_zone.as_deref(), Some("America/Sao_Paulo"));
        assert_eq!((auth.authenticator, auth.administrators_group.as_str()), (Authenticator::TruenasApi, "TI e redes"));
        assert_eq!((auth.on_service_key_refused, auth.second_factor), (OnKeyRefused::Keep, SecondFactor::Off));
        assert_eq!((shares.host.as_str(), shares.letters), ("nas", vec!['M', 'N']));
        let fixed = BTreeMap::from([("Financeiro".to_owned(), 'F'), ("R&D (2026)!".to_owned(), 'R')]);
        assert_eq!(shares.fixed_letters, fixed);
    }
    let fixed = "Financeiro=F,R&D (2026)!=r:".to_owned();
    assert_eq!(in_file.origin("drives.fixed"), (fixed, "farol.toml:13".into()));
    assert_eq!(in_file.origin("server.trusted_proxies").0, "127.0.0.1,10.1.0.0/16");
}

#[test]
fn a_short_session_shortens_the_idle_limit_unless_somebody_chose_it() {
    let world = World::complete().with("SESSION_TIMEOUT", "3600");
    assert_eq!(world.settings().auth.idle_timeout, Duration::from_hours(1));
    assert_eq!(world.origin("server.idle_timeout_s"), ("3600".into(), "padrão".into()));
    let report = world.with("FAROL_SERVER_IDLE_TIMEOUT_S", "3601").report();
    assert!(report.contains("FAROL_SERVER_IDLE_TIMEOUT_S: server.idle_timeout_s: o limite sem uso"), "{report}");
}

#[test]
fn plain_http_beyond_this_machine_is_refused_unless_a_proxy_speaks_tls() {
    for listen in ["0.0.0.0:80", "[::]:8080", "192.168.1.5:8080", "[::ffff:192.168.1.5]:8080"] {
        for public_url in ["", "http://localhost:8080"] {
            let world =
                World::complete().with("FAROL_SERVER_PUBLIC_URL", public_url).over(&format!("server.listen={listen}"));
            let report = world.report();
            assert!(
                report.starts_with(&one_problem("linha de comando: server.listen: em HTTP sem criptografia")),
                "{report}"
            );
            assert!(report.contains("server.public_url, como https://"), "{report}");
        }
        let world = World::complete().with("FAROL_SERVER_PUBLIC_URL", "https://farol.local");
        world.over(&format!("server.listen={listen}")).settings();
    }
    for listen in ["127.0.0.1:80", "[::1]:80", "127.9.9.9:1", "[::ffff:127.0.0.1]:80"] {
        World::complete().over(&format!("server.listen={listen}")).settings();
    }
    for public_url in ["http://localhost", "http://farol.localhost:8080", "http://127.0.0.1:1", "http://[::1]:8080"] {
        World::complete().with("FAROL_SERVER_PUBLIC_URL", public_url).settings();
    }
    let unclear = World::complete().over("server.listen=0.0.0.0:80").over("server.public_url=farol");
    assert!(!unclear.report().contains("server.listen"), "{}", unclear.report());
}

#[test]
fn a_public_address_with_tls_and_no_trusted_proxy_is_warned_of() {
    let world = World::complete().with("FAROL_SERVER_PUBLIC_URL", "https://farol.local");
    let loaded = world.load();
    let warnings: Vec<String> = loaded.warnings().iter().map(ToString::to_string).collect();
    assert!(loaded.settings().is_ok() && warnings.len() == 1, "{warnings:?}");
    assert!(warnings[0].starts_with("server.trusted_proxies: o endereço público usa https"), "{warnings:?}");
    assert!(warnings[0].contains("todas as pessoas teriam o endereço do proxy"), "{warnings:?}");
    let trusting = world.with("FAROL_SERVER_TRUSTED_PROXIES", "127.0.0.1");
    assert_eq!(trusting.load().warnings(), []);
    let local = World::complete().with("FAROL_SERVER_PUBLIC_URL", "http://localhost:8080");
    assert_eq!(local.load().warnings(), []);
}

/// A certificate valid in these years, and its key, as the files of a world.
fn issued(world: World, years: (i32, i32)) -> World {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(["farol.local".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
    params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    world.file("certificate.pem", certificate.pem()).file("key.pem", key.serialize_pem())
}

fn with_files(years: (i32, i32)) -> World {
    let world = issued(World::complete(), years).with("FAROL_SERVER_TLS", "files");
    world.with("FAROL_SERVER_TLS_CERTIFICATE", "certificate.pem").with("FAROL_SERVER_TLS_KEY", "key.pem")
}

#[test]
fn with_a_certificate_the_network_is_served_and_no_proxy_is_missed() {
    let world = with_files((2020, 2400)).over("server.listen=0.0.0.0:443").over("server.redirect_listen=0.0.0.0:80");
    let web = world.settings().web;
    assert!(web.is_secure() && web.tls.is_on());
    assert_eq!(web.tls.names(), ["farol.local"]);
    assert_eq!(web.redirect_listen.unwrap().port(), 80);
    let public = world.with("FAROL_SERVER_PUBLIC_URL", "https://farol.local");
    assert_eq!(public.load().warnings().iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_certificate_that_does_not_hold_today_is_told_and_used_all_the_same() {
    for (years, words) in [((2020, 2021), "venceu em "), ((2300, 2400), "só vale a partir de ")] {
        let world = with_files(years);
        let warning = world.load().warnings()[0].to_string();
        assert!(
            warning.starts_with("server.tls_certificate: o certificado em ") && warning.contains(words),
            "{warning}"
        );
        assert!(world.settings().web.tls.is_on());
    }
}

#[test]
fn a_certificate_that_cannot_be_used_is_refused_with_the_reason() {
    let said = |world: World, words: &str| {
        let report = world.report();
        assert!(report.contains(words), "{words}: {report}");
    };
    let good = || with_files((2020, 2400));
    said(good().file("certificate.pem", "x"), "certificate.pem não traz um certificado em PEM");
    said(good().file("key.pem", "x"), "server.tls_key: key.pem não traz uma chave em PEM");
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    said(good().file("key.pem", other), "server.tls_key: a chave em key.pem não é a do certificado");
    said(good().with("FAROL_SERVER_TLS_KEY", "none"), "server.tls_key: none não pôde ser lido (não existe)");
    said(World::complete().over("server.tls=files"), "server.tls_certificate: falta este valor");
    said(World::complete().over("server.tls=files"), "server.tls_key: falta este valor");
    said(World::complete().over("server.tls=on"), "server.tls: não é uma das três escolhas");
    let redirect = |address: &str| World::complete().over(&format!("server.redirect_listen={address}"));
    said(redirect("80"), "server.redirect_listen: não é um endereço IP com porta");
    said(redirect("0.0.0.0:80"), "não há para onde levar as pessoas: nem o Farol nem um proxy fala HTTPS");
    said(good().with("FAROL_SERVER_PUBLIC_URL", "http://localhost"), "o endereço usa http, mas o Farol fala HTTPS");
    said(World::complete().over("server.tls=self-signed").over("server.tls_names=a b"), "não é uma lista de nomes");
    let exposed = good().mode("key.pem", 0o644).load().warnings()[0].to_string();
    assert!(exposed.contains("chmod 600"), "{exposed}");
}

#[test]
fn a_certificate_of_its_own_bears_the_names_people_use() {
    let world = World::complete().over("server.tls=self-signed").over("server.listen=192.168.1.5:443");
    let web = world.with("FAROL_SERVER_PUBLIC_URL", "https://farol.local").settings().web;
    let web::Tls::SelfSigned { names, folder } = web.tls else { panic!("{:?}", web.tls) };
    assert!(folder.ends_with("farol-data/tls"));
    assert_eq!(names[0], "farol.local");
    for name in ["192.168.1.5", "localhost", "127.0.0.1", "::1"] {
        assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
    }
    let chosen = World::complete().over("server.tls=self-signed").over("server.tls_names=Farol.Local, 0:0::1");
    assert_eq!(chosen.settings().web.tls.names(), ["farol.local", "::1"]);
}
