//! Messages outside the page: each channel with its rule and how it went, and the ones nobody set up.

use serde::Serialize;

use crate::outbox::{ChannelView, Event, Failure, Kind, Level};
use crate::web::views::{Panel, Piece, TimeView, Viewpoint};

#[derive(Debug, Serialize)]
pub struct MessagesPanel {
    pub channels: ChannelsView,
    pub tried: Option<TriedView>,
    pub unused: Vec<UnusedView>,
}

/// The channels that are set up.
#[derive(Debug, Serialize)]
pub struct ChannelsView {
    pub rows: Vec<ChannelRow>,
}

#[derive(Debug, Serialize)]
pub struct ChannelRow {
    pub word: &'static str,
    pub name: &'static str,
    /// The keys of the rule.
    pub least: &'static str,
    pub events: Vec<&'static str>,
    pub quiet: Option<String>,
    pub trouble_anytime: bool,
    pub waiting: u64,
    pub delivered: Option<TimeView>,
    pub failed: Option<TimeView>,
    pub failure: &'static str,
    pub code: u16,
}

/// How a test went, and what to do about it.
#[derive(Debug, Serialize)]
pub struct TriedView {
    pub name: &'static str,
    pub fine: bool,
    pub failure: &'static str,
    pub cure: &'static str,
    pub code: u16,
}

/// A channel nobody set up, and what it takes.
#[derive(Debug, Serialize)]
pub struct UnusedView {
    pub name: &'static str,
    pub section: &'static str,
    pub keys: &'static str,
}

impl MessagesPanel {
    pub fn of(channels: ChannelsView, tried: Option<TriedView>) -> Self {
        let unused = Kind::ALL.into_iter().filter(|kind| channels.rows.iter().all(|row| row.word != kind.as_str()));
        let unused = unused.map(UnusedView::of).collect();
        Self { channels, tried, unused }
    }
}

impl ChannelsView {
    pub fn of(channels: &[ChannelView], viewpoint: &Viewpoint) -> Self {
        Self { rows: channels.iter().map(|channel| ChannelRow::of(channel, viewpoint)).collect() }
    }
}

impl ChannelRow {
    fn of(channel: &ChannelView, viewpoint: &Viewpoint) -> Self {
        // What went well since is no trouble any more.
        let failed = channel.last_failure.filter(|(at, _)| channel.last_success.is_none_or(|well| well < *at));
        let (failure, _, code) = failed.map_or(("", "", 0), |(_, failure)| words_of(failure));
        Self {
            word: channel.kind.as_str(),
            name: name_of(channel.kind),
            least: match channel.rule.least {
                Level::Info => "rule-info",
                Level::Attention => "rule-attention",
                Level::Trouble => "rule-trouble",
            },
            events: channel.rule.events.iter().map(|event| event_of(*event)).collect(),
            quiet: channel.rule.quiet.map(|quiet| quiet.to_string()),
            trouble_anytime: channel.rule.trouble_anytime,
            waiting: channel.waiting,
            delivered: channel.last_success.map(|at| viewpoint.see(at)),
            failed: failed.map(|(at, _)| viewpoint.see(at)),
            failure,
            code,
        }
    }
}

impl TriedView {
    pub fn of(kind: Kind, outcome: Result<(), Failure>) -> Self {
        let (failure, cure, code) = outcome.map_or_else(words_of, |()| ("", "", 0));
        Self { name: name_of(kind), fine: outcome.is_ok(), failure, cure, code }
    }
}

impl UnusedView {
    const fn of(kind: Kind) -> Self {
        let (section, keys) = match kind {
            Kind::Email => ("[email]", "server, from, to, username, password_file"),
            Kind::Webhook => ("[webhook]", "url_file, key_file"),
            Kind::Ntfy => ("[ntfy]", "url_file, token_file"),
            Kind::Telegram => ("[telegram]", "token_file, chat"),
            Kind::Teams => ("[teams]", "url_file"),
        };
        Self { name: name_of(kind), section, keys }
    }
}

const fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Email => "channel-email",
        Kind::Webhook => "channel-webhook",
        Kind::Ntfy => "channel-ntfy",
        Kind::Telegram => "channel-telegram",
        Kind::Teams => "channel-teams",
    }
}

const fn event_of(event: Event) -> &'static str {
    match event {
        Event::Storage => "rule-storage",
        Event::Alerts => "rule-alerts",
        Event::Key => "rule-key",
        Event::Maintenance => "rule-maintenance",
        Event::Incidents => "rule-incidents",
        Event::Messages => "rule-messages",
    }
}

/// The keys of what happened and of its cure, and the number the other side answered with.
const fn words_of(failure: Failure) -> (&'static str, &'static str, u16) {
    match failure {
        Failure::NotSetUp => ("sent-not-set-up", "sent-cure-not-set-up", 0),
        Failure::AddressUnknown => ("sent-address", "sent-cure-address", 0),
        Failure::Unreachable => ("sent-unreachable", "sent-cure-unreachable", 0),
        Failure::Certificate => ("sent-certificate", "sent-cure-certificate", 0),
        Failure::WrongSecret => ("sent-secret", "sent-cure-secret", 0),
        Failure::Answered(code) => ("sent-answered", "sent-cure-answered", code),
        Failure::TimedOut => ("sent-late", "sent-cure-late", 0),
        Failure::NotUnderstood => ("sent-strange", "sent-cure-strange", 0),
    }
}

#[cfg(test)]
const FAILURES: [Failure; 8] = [
    Failure::NotSetUp,
    Failure::AddressUnknown,
    Failure::Unreachable,
    Failure::Certificate,
    Failure::WrongSecret,
    Failure::Answered(503),
    Failure::TimedOut,
    Failure::NotUnderstood,
];

#[cfg(test)]
fn samples(viewpoint: &Viewpoint) -> Vec<ChannelView> {
    use std::time::Duration;

    use crate::domain::Language;
    use crate::outbox::{Quiet, Rule};

    let ago = |seconds| viewpoint.before(Duration::from_secs(seconds));
    let rule = |least, events: &[Event], quiet: Option<&str>| Rule {
        least,
        events: events.into(),
        quiet: quiet.and_then(Quiet::parse),
        trouble_anytime: least != Level::Trouble,
        language: Language::Portuguese,
    };
    let channel = |kind: Kind, rule| ChannelView { kind, rule, waiting: 0, last_success: None, last_failure: None };
    let rules = [
        rule(Level::Info, &Event::ALL, Some("22:00-07:00")),
        rule(Level::Attention, &[], None),
        rule(Level::Trouble, &[Event::Key], Some("00:00-06:30")),
    ];
    let mut all: Vec<ChannelView> =
        Kind::ALL.into_iter().zip(rules.into_iter().cycle()).map(|(kind, rule)| channel(kind, rule)).collect();
    all[0].last_success = Some(ago(240));
    all[0].last_failure = Some((ago(900), Failure::TimedOut));
    all[1] = ChannelView { waiting: 3, last_failure: Some((ago(40), Failure::Answered(503))), ..all[1].clone() };
    all
}

impl Panel for MessagesPanel {
    const PATH: &'static str = "/admin/messages";
    const TEMPLATE: &'static str = "pages/admin/messages.html";
    const LIVE: &'static str = "messages";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let viewpoint = Viewpoint::sample(crate::web::words::Language::Portuguese);
        let all = samples(&viewpoint);
        let of = |channels: &[ChannelView], tried| Self::of(ChannelsView::of(channels, &viewpoint), tried);
        let failed = FAILURES.map(|failure| of(&all[..3], Some(TriedView::of(Kind::Email, Err(failure)))));
        let mut panels = vec![of(&[], None), of(&all, Some(TriedView::of(Kind::Email, Ok(()))))];
        panels.extend(failed);
        panels
    }
}

impl Piece for ChannelsView {
    const COMPONENT: &'static str = "messages.channels";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let viewpoint = Viewpoint::sample(crate::web::words::Language::Portuguese);
        let mut failed: Vec<ChannelView> = Vec::new();
        for failure in FAILURES {
            let channel = samples(&viewpoint).swap_remove(1);
            failed.push(ChannelView { last_failure: Some((viewpoint.now, failure)), ..channel });
        }
        vec![Self::of(&samples(&viewpoint), &viewpoint), Self::of(&failed, &viewpoint), Self::of(&[], &viewpoint)]
    }
}
