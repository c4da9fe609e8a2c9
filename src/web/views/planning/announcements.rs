//! What administrators have said to people, and who confirmed having read it.

use serde::Serialize;

use crate::domain::announcement::{Announcement, Confirmation, Entry};
use crate::domain::entry::{Field, Problem};
use crate::notices::Published;
use crate::web::views::planning::Fields;
use crate::web::views::planning::fields::FieldView;
use crate::web::views::{Panel, Piece, TimeView, Viewpoint};

#[derive(Debug, Clone, Serialize)]
pub struct PublishedView {
    pub rows: Vec<PublishedRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct PublishedRow {
    pub id: String,
    pub title: String,
    pub text: String,
    /// `None`: everybody.
    pub group: Option<String>,
    pub by: String,
    pub time: TimeView,
    /// `None`: until somebody removes it.
    pub until: Option<TimeView>,
    pub pinned: bool,
    pub confirm: bool,
    pub confirmations: u64,
}

impl PublishedView {
    pub fn of(published: &[Published], viewpoint: &Viewpoint) -> Self {
        let row = |one: &Published| PublishedRow::of(&one.announcement, one.confirmations, viewpoint);
        Self { rows: published.iter().map(row).collect() }
    }
}

impl PublishedRow {
    fn of(one: &Announcement, confirmations: u64, viewpoint: &Viewpoint) -> Self {
        Self {
            id: one.id.clone(),
            title: one.draft.title.in_language(viewpoint.language).to_owned(),
            text: one.draft.text.in_language(viewpoint.language).to_owned(),
            group: one.draft.group.clone(),
            by: one.created_by.clone(),
            time: viewpoint.see(one.created_at),
            until: one.over_at().map(|at| viewpoint.see(at)),
            pinned: one.is_pinned(viewpoint.now),
            confirm: one.draft.confirm,
            confirmations,
        }
    }
}

impl Piece for PublishedView {
    const COMPONENT: &'static str = "planning.published";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let (viewpoint, said) = sample();
        let published: Vec<Published> = said
            .into_iter()
            .zip([4, 1, 0])
            .map(|(announcement, confirmations)| Published { announcement, confirmations })
            .collect();
        vec![Self::of(&published, &viewpoint), Self::of(&[], &viewpoint)]
    }
}

#[derive(Debug, Serialize)]
pub struct AnnouncementsPanel {
    pub published: PublishedView,
    pub title_portuguese: FieldView,
    pub title_english: FieldView,
    pub text_portuguese: FieldView,
    pub text_english: FieldView,
    pub group: FieldView,
    pub groups: Vec<String>,
    pub pinned_until: FieldView,
    pub confirm: bool,
    pub wrong: bool,
}

impl AnnouncementsPanel {
    pub fn of(published: PublishedView, groups: Vec<String>, entry: &Entry, problems: &[(Field, Problem)]) -> Self {
        let fields = Fields(problems);
        Self {
            published,
            title_portuguese: fields.view(Field::TitlePortuguese, &entry.title.portuguese),
            title_english: fields.view(Field::TitleEnglish, &entry.title.english),
            text_portuguese: fields.view(Field::TextPortuguese, &entry.text.portuguese),
            text_english: fields.view(Field::TextEnglish, &entry.text.english),
            group: fields.view(Field::Group, &entry.group),
            groups,
            pinned_until: fields.view(Field::PinnedUntil, &entry.pinned_until),
            confirm: entry.confirm,
            wrong: !problems.is_empty(),
        }
    }
}

impl Panel for AnnouncementsPanel {
    const PATH: &'static str = "/admin/announcements";
    const TEMPLATE: &'static str = "pages/planning/announcements.html";
    const LIVE: &'static str = "published";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let groups = || vec!["financeiro".to_owned(), "\"><img src=x onerror=1>".to_owned()];
        let wrong = [(Field::TextPortuguese, Problem::Missing)];
        let entry = Entry { confirm: true, group: "\"><img src=x onerror=1>".into(), ..Entry::default() };
        let mut published = PublishedView::samples().into_iter();
        vec![
            Self::of(published.next().unwrap(), groups(), &Entry::default(), &[]),
            Self::of(published.next().unwrap(), groups(), &entry, &wrong),
        ]
    }
}

/// Who confirmed having read an announcement.
#[derive(Debug, Serialize)]
pub struct ConfirmationsPanel {
    pub row: PublishedRow,
    pub people: Vec<ConfirmationRow>,
}

#[derive(Debug, Serialize)]
pub struct ConfirmationRow {
    pub username: String,
    pub time: TimeView,
}

impl ConfirmationsPanel {
    pub fn of(one: &Announcement, confirmations: &[Confirmation], viewpoint: &Viewpoint) -> Self {
        let row = |one: &Confirmation| ConfirmationRow { username: one.username.clone(), time: viewpoint.see(one.at) };
        let count = u64::try_from(confirmations.len()).unwrap_or(u64::MAX);
        Self { row: PublishedRow::of(one, count, viewpoint), people: confirmations.iter().map(row).collect() }
    }
}

impl Panel for ConfirmationsPanel {
    const PATH: &'static str = "/admin/announcements";
    const TEMPLATE: &'static str = "pages/planning/confirmations.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::domain::caller::AccountId;

        let (viewpoint, said) = sample();
        let who = Confirmation { account: AccountId::of_uid(1), username: "ana".into(), at: viewpoint.now };
        vec![Self::of(&said[0], &[who], &viewpoint), Self::of(&said[1], &[], &viewpoint)]
    }
}

/// Whether it is really meant, for browsers without scripts.
#[derive(Debug, Serialize)]
pub struct AskRemovePanel {
    pub row: PublishedRow,
}

impl AskRemovePanel {
    pub fn of(one: &Announcement, viewpoint: &Viewpoint) -> Self {
        Self { row: PublishedRow::of(one, 0, viewpoint) }
    }
}

impl Panel for AskRemovePanel {
    const PATH: &'static str = "/admin/announcements";
    const TEMPLATE: &'static str = "pages/planning/remove.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        let (viewpoint, said) = sample();
        vec![Self::of(&said[0], &viewpoint)]
    }
}

#[cfg(test)]
fn sample() -> (Viewpoint, Vec<Announcement>) {
    use crate::domain::announcement::Draft;
    use crate::domain::language::Texts;
    use crate::web::words::Language;

    let viewpoint = Viewpoint::sample(Language::Portuguese);
    let texts = |text: &str| Texts { portuguese: text.into(), english: String::new() };
    let announcement = |(at, (title, group)): (usize, (&str, Option<&str>))| Announcement {
        id: format!("a{at}"),
        draft: Draft {
            title: texts(title),
            text: texts("O escritório não abre."),
            group: group.map(str::to_owned),
            pinned_until: (at == 1).then(|| viewpoint.now.plus(std::time::Duration::from_hours(24))),
            confirm: at == 0,
        },
        created_at: viewpoint.now,
        created_by: "carla".into(),
        removed_at: (at == 2).then_some(viewpoint.now),
    };
    let said =
        [("Feriado na segunda", None), ("\"><img src=x onerror=1>", Some("financeiro")), ("Nova impressora", None)];
    let said = said.into_iter().enumerate().map(announcement).collect();
    (viewpoint, said)
}
