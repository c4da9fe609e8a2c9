//! What kind of machine a browser says it runs on: enough for its person to recognise it, never to decide anything by.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceView {
    pub icon: &'static str,
    /// The key of the sentence, made from what follows.
    pub device: &'static str,
    pub browser: &'static str,
    pub system: &'static str,
}

/// Each names itself after those it pretends to be, so the more special one comes first.
const BROWSERS: [(&str, &str); 10] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

const SYSTEMS: [(&str, &str, &str); 7] = [
    ("Windows", "Windows", "monitor"),
    ("iPhone", "iPhone", "smartphone"),
    ("iPad", "iPad", "smartphone"),
    ("Android", "Android", "smartphone"),
    ("Mac OS X", "macOS", "laptop"),
    ("CrOS", "ChromeOS", "laptop"),
    ("Linux", "Linux", "monitor"),
];

pub fn device(name: &str) -> DeviceView {
    let browser = BROWSERS.iter().find(|(mark, _)| name.contains(mark)).map(|(_, browser)| *browser);
    let system = SYSTEMS.iter().find(|(mark, ..)| name.contains(mark));
    let icon = system.map_or("circle-question-mark", |(.., icon)| icon);
    let device = match (browser, system) {
        (Some(_), Some(_)) => "device-known",
        (Some(_), None) => "device-browser",
        (None, Some(_)) => "device-system",
        (None, None) => "device-unknown",
    };
    let system = system.map_or("", |(_, system, _)| system);
    DeviceView { icon, device, browser: browser.unwrap_or_default(), system }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_browsers_are_told_apart_although_each_claims_to_be_the_others() {
        let told = |name: &str| (device(name).browser, device(name).system);
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(told(windows), ("Chrome", "Windows"));
        assert_eq!(told(&format!("{windows} Edg/140.0")), ("Edge", "Windows"));
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1";
        assert_eq!(told(iphone), ("Safari", "iPhone"));
        assert_eq!(
            told("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"),
            ("Firefox", "Android")
        );
        assert_eq!(device("\"><img src=x onerror=1>").device, "device-unknown");
    }
}
