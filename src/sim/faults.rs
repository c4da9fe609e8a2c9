//! What can be broken on purpose, and whether it is.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, PoisonError};

use axum::body::Body;
use serde::Serialize;
use serde_json::{Value, json};

use super::error::UnknownFault;
use super::nas::Nas;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    PowerOff,
    Refused,
    BadGateway,
    GatewayTimeout,
    Slow,
    Silent,
    RateLimited,
    MidFrameDrop,
    MalformedEvent,
    MalformedReply,
    IdleCut,
    OversizedFrameClose,
    OversizedReply,
    ExpiredSession,
    RevokedKey,
    StandbyRedirect,
    UiAllowlist,
    Reboot,
    Update,
    Shutdown,
    Booting,
    AlertRaised,
    AlertCleared,
    Scrub,
    ShareAdded,
    ShareDisabled,
    ShareMoved,
    UserLocked,
    UserRemoved,
    PasswordDisabled,
    PasswordChanged,
    PasswordExpired,
    UserMoved,
    SignInWithdrawn,
    KeyMissingRole,
    EventBurst,
}

/// How a switch behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Stays until it is turned off.
    Lasting,
    /// Happens at once and is over.
    Once,
    /// Waits for the next answer, spoils it and is over.
    NextAnswer,
    /// Runs through its steps by the clock and turns itself off.
    Sequence,
}

/// One line of the list of faults.
#[derive(Debug, Clone, Serialize)]
pub struct Switch {
    pub name: &'static str,
    pub on: bool,
    pub kind: Kind,
    pub description: &'static str,
}

const FAULTS: [(Fault, &str, Kind, &str); 36] = {
    use Fault as F;
    use Kind::{Lasting, NextAnswer, Once, Sequence};
    [
        (
            F::PowerOff,
            "power-off",
            Lasting,
            "Desliga o NAS: portas fechadas, conexões cortadas; ao religar, novo boot id",
        ),
        (F::Refused, "refused", Lasting, "Recusa conexões: portas fechadas, sem reiniciar"),
        (F::BadGateway, "502", Lasting, "O proxy responde 502: a API não está no ar"),
        (F::GatewayTimeout, "504", Lasting, "O proxy responde 504: a API não respondeu a tempo"),
        (F::Slow, "slow", Lasting, "Cada resposta atrasa 5 segundos"),
        (F::Silent, "silent", Lasting, "Aceita conexões e nunca responde"),
        (F::RateLimited, "rate-limited", Lasting, "Recusa logins por excesso de tentativas (EBUSY)"),
        (F::MidFrameDrop, "mid-frame-drop", NextAnswer, "Corta a conexão no meio da próxima resposta"),
        (F::MalformedEvent, "malformed-event", Once, "Envia eventos incompletos a todos os assinantes"),
        (F::MalformedReply, "malformed-reply", Lasting, "As respostas chegam com JSON quebrado"),
        (F::IdleCut, "idle-cut", Once, "Corta os sockets abertos, como o proxy faz com os ociosos"),
        (
            F::OversizedFrameClose,
            "oversized-frame-close",
            Once,
            "Fecha os sockets com 1009, como após um quadro grande demais",
        ),
        (F::OversizedReply, "oversized-reply", NextAnswer, "A próxima resposta com registros leva 40 MiB a mais"),
        (F::ExpiredSession, "expired-session", Lasting, "Encerra as sessões abertas (erro 207; na REST, 401)"),
        (F::RevokedKey, "revoked-key", Lasting, "As chaves de API deixam de valer para novos logins"),
        (F::StandbyRedirect, "standby-redirect", Lasting, "Este controlador fica em espera e aponta para o outro"),
        (F::UiAllowlist, "ui-allowlist", Lasting, "Nosso endereço não está na lista permitida (1008 ou 403)"),
        (F::Reboot, "reboot", Sequence, "Reinicia: aviso, queda, 502, iniciando, pronto, com novo boot id"),
        (F::Update, "update", Sequence, "Atualiza e reinicia: o mesmo caminho, e volta com outra versão"),
        (F::Shutdown, "shutdown", Lasting, "Desliga com aviso; ao desfazer, o NAS volta a ligar"),
        (F::Booting, "booting", Lasting, "A API responde, mas o sistema diz que ainda está iniciando"),
        (F::AlertRaised, "alert-raised", Lasting, "O pool tank passa a DEGRADED, com alerta crítico"),
        (F::AlertCleared, "alert-cleared", Once, "O pool tank volta ao normal e o alerta some"),
        (F::Scrub, "scrub", Lasting, "O pool tank passa por uma verificação de dados (scrub)"),
        (F::ShareAdded, "share-added", Lasting, "Surge o compartilhamento Marketing, para todos do grupo staff"),
        (F::ShareDisabled, "share-disabled", Lasting, "Desativa o compartilhamento Geral"),
        (F::ShareMoved, "share-moved", Lasting, "Financeiro passa a ser só do grupo ti"),
        (F::UserLocked, "user-locked", Lasting, "Bloqueia a conta da ana"),
        (F::UserRemoved, "user-removed", Lasting, "Apaga a conta da ana"),
        (F::PasswordDisabled, "password-disabled", Lasting, "Desativa a senha da conta da ana"),
        (F::PasswordChanged, "password-changed", Lasting, "Troca a senha da ana para nova-ana"),
        (F::PasswordExpired, "password-expired", Lasting, "A senha da ana passa da validade (desde a 25.04)"),
        (F::UserMoved, "user-moved", Lasting, "Ana sai do grupo financeiro"),
        (F::SignInWithdrawn, "sign-in-withdrawn", Lasting, "Retira o privilégio que deixa a equipe entrar pela API"),
        (F::KeyMissingRole, "key-missing-role", Lasting, "A chave de serviço perde FILESYSTEM_ATTRS_READ"),
        (F::EventBurst, "event-burst", Once, "Mil eventos de uma vez"),
    ]
};

/// The switches that are on.
#[derive(Debug, Default)]
pub(super) struct Switches(Mutex<BTreeSet<Fault>>);

impl Switches {
    pub(super) fn is_on(&self, fault: Fault) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&fault)
    }

    /// Returns whether this changed anything.
    pub(super) fn set(&self, fault: Fault, on: bool) -> bool {
        let mut switches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if on { switches.insert(fault) } else { switches.remove(&fault) }
    }

    /// Uses up a switch that waits for the next answer.
    pub(super) fn take(&self, fault: Fault) -> bool {
        self.set(fault, false)
    }

    pub(super) fn list(&self) -> Vec<Switch> {
        FAULTS
            .into_iter()
            .map(|(fault, name, kind, description)| Switch { name, on: self.is_on(fault), kind, description })
            .collect()
    }
}

pub(super) fn find(name: &str) -> Result<(Fault, Kind), UnknownFault> {
    let found = FAULTS.into_iter().find(|(_, known, ..)| *known == name);
    found.map(|(fault, _, kind, _)| (fault, kind)).ok_or_else(|| UnknownFault(name.to_owned()))
}

/// Makes the next answer with records forty mebibytes longer, once.
pub(super) fn pad(nas: &Nas, result: &mut Value) {
    const PADDING: usize = 40 << 20;
    let record = match result {
        Value::Array(records) => records.first_mut(),
        Value::Object(_) => Some(result),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    };
    if let Some(Value::Object(record)) = record
        && nas.switches.take(Fault::OversizedReply)
    {
        record.insert("padding".to_owned(), json!("x".repeat(PADDING)));
    }
}

/// Valid UTF-8, broken JSON.
pub(super) fn spoil(text: &str) -> String {
    let middle = text.floor_char_boundary(text.len() / 2);
    format!("{}\u{fffd}{{", &text[..middle])
}

/// A body that breaks off in its middle and takes the connection with it.
pub(super) fn half(mut text: String) -> Body {
    text.truncate(text.floor_char_boundary(text.len() / 2));
    let parts = [Ok(text), Err(io::Error::from(io::ErrorKind::BrokenPipe))];
    Body::from_stream(futures_util::stream::iter(parts))
}
