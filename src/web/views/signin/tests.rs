//! Which light stands where.

use super::*;

fn lights(step: Option<Step>, outcome: Option<Outcome>) -> Vec<&'static str> {
    StepsView::of(&sample::progress(step, outcome)).steps.iter().map(|step| step.light).collect()
}

#[test]
fn the_steps_light_up_one_after_the_other() {
    assert_eq!(lights(None, None), ["waiting"; 5]);
    assert_eq!(lights(Some(Step::Queue), None), ["running", "waiting", "waiting", "waiting", "waiting"]);
    assert_eq!(lights(Some(Step::Rights), None), ["done", "done", "done", "running", "waiting"]);
    assert_eq!(lights(Some(Step::Ready), Some(Outcome::SignedIn)), ["done"; 5]);
}

#[test]
fn a_refusal_ends_the_list_at_the_step_that_failed() {
    assert_eq!(lights(Some(Step::Check), Some(Outcome::Refused)), ["done", "done", "failed"]);
    assert_eq!(lights(Some(Step::Check), Some(Outcome::CodeWanted)), ["done", "done", "done", "waiting", "waiting"]);
}

#[test]
fn a_code_that_is_checked_is_not_told_as_a_password() {
    let text = |code| StepsView::of(&Progress { step: Some(Step::Check), code, ..Progress::IDLE }).steps[2].text;
    assert_eq!([text(false), text(true)], ["step-check", "step-check-code"]);
}

#[test]
fn the_place_is_told_while_one_waits_and_the_milliseconds_from_then_on() {
    let waiting = StepsView::of(&sample::progress(Some(Step::Queue), None));
    assert_eq!((waiting.steps[0].place, waiting.steps[1].reach_ms), (Some(2), None));
    let checking = StepsView::of(&sample::progress(Some(Step::Check), None));
    assert_eq!((checking.steps[0].place, checking.steps[1].reach_ms), (None, Some(180)));
}

#[test]
fn a_reason_is_found_again_by_its_word_and_by_no_other() {
    for ended in Ended::all() {
        assert_eq!(Ended::parse(ended.as_str()), Some(ended));
    }
    assert_eq!(Ended::parse("<b>"), None);
}
