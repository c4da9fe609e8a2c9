//! What the engine promises whoever writes a template.

use super::*;

fn rendered(template: &str, value: &str) -> Result<String, String> {
    let mut tera = engine().unwrap();
    tera.add_raw_template("sample", template).map_err(|error| format!("{error:?}"))?;
    let mut context = Context::new();
    context.insert("value", value);
    let templates = Templates(Arc::new(tera));
    templates.speaking(Language::English).render("sample", &context).map_err(|error| format!("{error:?}"))
}

#[test]
fn a_value_is_never_markup_whatever_the_name_of_the_template() {
    let shown = rendered("<p title=\"{{ value }}\">{{ value }}</p>", "\"><img src=x onerror=1>'").unwrap();
    assert!(!shown.contains("<img") && !shown.contains("\"\">"), "{shown}");
    let shown = rendered("{{ t(key=\"through-group\", group=value) }}", "<b>R&D (2026)!</b>").unwrap();
    assert_eq!(shown, "group &lt;b&gt;R&amp;D (2026)!&lt;/b&gt;");
}

#[test]
fn a_text_or_a_file_that_does_not_exist_is_an_error() {
    let wrong = ["{{ t(key=\"no-such-text\") }}", "{{ t(key=\"through-group\") }}", "{{ asset(path=\"none.css\") }}"];
    for template in wrong {
        assert!(rendered(template, "").is_err(), "{template}");
    }
    assert!(rendered("{{ asset(path=\"css/base.css\") }}", "").unwrap().starts_with("/assets/css/base-"));
}

#[test]
fn a_component_looks_the_same_alone_and_in_a_page() {
    #[derive(Serialize)]
    struct Steps {
        id: &'static str,
        list: Vec<Step>,
        wait_s: Option<u64>,
    }
    #[derive(Serialize)]
    struct Step {
        text: &'static str,
    }
    let steps = Steps { id: "a\"b", list: vec![Step { text: "storage-restarting" }], wait_s: None };
    let mut tera = engine().unwrap();
    let component = "{% component x.steps(id: string, list: array, wait_s) %}<ol id=\"{{ id }}\">{% for step in list %}<li>\
        {{ t(key=step.text) }}</li>{% endfor %}{% if wait_s is not none %}{{ wait_s }}{% endif %}</ol>{% endcomponent x.steps %}";
    tera.add_raw_templates([("x", component), ("page", "{{ <x.steps {...page.steps} /> }}")]).unwrap();
    let templates = Templates(Arc::new(tera));
    let alone = |language| {
        let arguments = Context::from_serialize(&steps).unwrap();
        templates.speaking(language).render_component("x.steps", &arguments, None, true).unwrap()
    };
    assert_eq!(alone(Language::English), "<ol id=\"a&quot;b\"><li>Restarting</li></ol>");
    assert_eq!(alone(Language::Portuguese), "<ol id=\"a&quot;b\"><li>Reiniciando</li></ol>");
    let mut context = Context::new();
    context.insert("page", &std::collections::BTreeMap::from([("steps", &steps)]));
    for language in Language::ALL {
        assert_eq!(templates.speaking(language).render("page", &context).unwrap(), alone(language));
    }
}
