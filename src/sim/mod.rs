//! A simulated TrueNAS on the real wire: every release's roads, the demo office, and switches that break things.
//!
//! Must never know: how the client decodes any of this. It shares no wire type with `truenas`, or both would be wrong
//! together.
//! Invariants: the same seed gives the same world, keys and ids included; time passes by the given clock only; when the
//! power is off nothing listens and nothing stays connected.

mod certificate;
mod error;
mod events;
mod failure;
mod faults;
mod front;
mod limits;
mod login;
mod methods;
mod nas;
mod network;
mod panel;
mod profile;
mod query;
mod records;
mod rest;
mod rights;
mod rpc;
mod scenes;
mod script;
pub mod world;

use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use serde_json::{Value, json};
use tokio_rustls::TlsAcceptor;

pub use error::{Error, UnknownFault};
pub use faults::{Kind, Switch};
pub use profile::{Profile, UnknownProfile};

use crate::runtime::{Clock, Tasks};
use nas::Nas;
use network::Door;
use world::World;

/// How often live figures are told to those who listen.
const REPORT_EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Clone)]
pub struct Settings {
    pub release: Profile,
    /// Encrypted. Port 0 takes any free one, here and below.
    pub listen: SocketAddr,
    /// The same in the clear.
    pub plain: Option<SocketAddr>,
    /// Where the switches are. Loopback only.
    pub panel: Option<SocketAddr>,
    pub seed: u64,
}

/// A running simulator. It ends with the tasks it was started in.
#[derive(Debug, Clone)]
pub struct Sim {
    nas: Arc<Nas>,
    listen: SocketAddr,
    plain: Option<SocketAddr>,
    panel: Option<SocketAddr>,
    fingerprint: [u8; 32],
    certificate_pem: String,
}

/// Takes its addresses and starts answering. Needs a running Tokio.
#[expect(clippy::unused_async, reason = "taking a listener needs a running Tokio, which only async callers have")]
pub async fn start(settings: Settings, clock: Clock, tasks: &Tasks) -> Result<Sim, Error> {
    if let Some(address) = settings.panel.filter(|address| !address.ip().is_loopback()) {
        return Err(Error::PanelNotLoopback(address));
    }
    let certificate = certificate::make()?;
    let listen = Arc::new(Door::bind(settings.listen)?);
    let plain = settings.plain.map(Door::bind).transpose()?.map(Arc::new);
    let panel = settings.panel.map(Door::bind).transpose()?;
    let panel_address = panel.as_ref().map(|door| door.address);
    let doors = [Arc::clone(&listen)].into_iter().chain(plain.clone()).collect();
    let nas = Arc::new(Nas::new(settings.release, settings.seed, clock, tasks.clone(), doors));

    let tls = TlsAcceptor::from(certificate.tls);
    tasks.run("sim tls", network::accept(Arc::clone(&nas), Arc::clone(&listen), Some(tls)));
    if let Some(door) = &plain {
        tasks.run("sim plain", network::accept(Arc::clone(&nas), Arc::clone(door), None));
    }
    tasks.run("sim reporting", report(Arc::clone(&nas)));
    let sim = Sim {
        nas,
        listen: listen.address,
        plain: plain.map(|door| door.address),
        panel: panel_address,
        fingerprint: certificate.fingerprint,
        certificate_pem: certificate.pem,
    };
    if let Some(door) = panel {
        tasks.run("sim panel", panel::serve(sim.clone(), door));
    }
    Ok(sim)
}

impl Sim {
    pub fn url(&self) -> String {
        format!("https://{}", self.listen)
    }

    pub fn plain_url(&self) -> Option<String> {
        self.plain.map(|address| format!("http://{address}"))
    }

    pub fn panel_url(&self) -> Option<String> {
        self.panel.map(|address| format!("http://{address}"))
    }

    pub fn release(&self) -> Profile {
        self.nas.profile
    }

    /// SHA-256 of the certificate.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The account made for this product.
    pub fn username(&self) -> &'static str {
        "svc-farol"
    }

    /// Its key, with every reading role.
    pub fn api_key(&self) -> String {
        self.key("farol")
    }

    /// The key of `svc-limited`, which lacks roles the product needs.
    pub fn limited_key(&self) -> String {
        self.key("limited")
    }

    /// The key of `truenas_admin`, which may do everything.
    pub fn full_admin_key(&self) -> String {
        self.key("full")
    }

    fn key(&self, name: &str) -> String {
        self.world().people.find_key(name).map(|key| key.text.clone()).unwrap_or_default()
    }

    /// The state as it is, to look at and to move. Never keep it across an await.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.nas.world()
    }

    pub fn set_fault(&self, name: &str, on: bool) -> Result<(), UnknownFault> {
        let (fault, kind) = faults::find(name)?;
        script::turn(&self.nas, fault, kind, on);
        Ok(())
    }

    pub fn clear_faults(&self) {
        for switch in self.faults().into_iter().filter(|switch| switch.on) {
            // The names come from the list itself.
            let _ = self.set_fault(switch.name, false);
        }
    }

    pub fn faults(&self) -> Vec<Switch> {
        self.nas.switches.list()
    }
}

/// Figures that move a little, for whoever subscribed to them.
async fn report(nas: Arc<Nas>) {
    let stop = nas.tasks.stopping();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = nas.clock.sleep(REPORT_EVERY) => {}
        }
        let usage = nas.random.below(40);
        let fields = json!({"cpu": {"cpu": {"usage": usage}}, "memory": {"physical_memory_total": 68_719_476_736_u64,
            "physical_memory_available": 34_359_738_368_u64}, "disks": {"busy": usage / 2}, "interfaces": {},
            "pools": {"tank": {"usage": 37.5}}});
        nas.announce("reporting.realtime", "added", Value::Null, Some(fields));
    }
}
