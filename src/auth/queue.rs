//! The line in front of the NAS: first come, first served, and everybody knows their place.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// Whoever would be behind these waits longer than anybody looks at a page.
const LONGEST: usize = 200;

/// Cheap to clone; all clones are one line.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    at_once: usize,
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    inside: usize,
    /// In order, each with how they learn their place.
    waiting: VecDeque<watch::Sender<u32>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line is full")]
pub struct Full;

/// A place in the line, or inside. Dropping it leaves, wherever one is.
#[derive(Debug)]
pub struct Place {
    queue: Queue,
    /// Nought is inside, one is the next.
    place: watch::Receiver<u32>,
}

impl Queue {
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Inner { at_once, line: Mutex::default() }))
    }

    pub fn enter(&self) -> Result<Place, Full> {
        let mut line = self.line();
        if line.waiting.len() >= LONGEST {
            return Err(Full);
        }
        let (sender, place) = watch::channel(u32::MAX);
        line.waiting.push_back(sender);
        line.move_up(self.0.at_once);
        Ok(Place { queue: self.clone(), place })
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // Plain numbers and senders: a panic elsewhere leaves them whole.
        self.0.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn move_up(&mut self, at_once: usize) {
        while self.inside < at_once {
            let Some(next) = self.waiting.pop_front() else { break };
            self.inside += 1;
            next.send_replace(0);
        }
        for (place, waiting) in (1..).zip(&self.waiting) {
            waiting.send_if_modified(|known| std::mem::replace(known, place) != place);
        }
    }
}

impl Place {
    /// Tells each place on the way, and comes back when it is one's turn.
    pub async fn wait(&mut self, mut tell: impl FnMut(u32)) {
        loop {
            let place = *self.place.borrow_and_update();
            if place == 0 {
                return;
            }
            tell(place);
            // The sender is gone only once it has said that the turn has come.
            if self.place.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut line = self.queue.line();
        // Read while the line is held: nobody is moved up in between.
        match *self.place.borrow() {
            0 => line.inside -= 1,
            place => drop(line.waiting.remove(place as usize - 1)),
        }
        line.move_up(self.queue.0.at_once);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn place_of(place: &Place) -> u32 {
        *place.place.borrow()
    }

    #[tokio::test]
    async fn everybody_moves_up_in_order_and_hears_each_place() {
        let queue = Queue::new(1);
        let first = queue.enter().unwrap();
        let (second, mut third) = (queue.enter().unwrap(), queue.enter().unwrap());
        assert_eq!([&first, &second, &third].map(place_of), [0, 1, 2]);
        let mut heard = Vec::new();
        {
            let turn = third.wait(|place| heard.push(place));
            tokio::pin!(turn);
            assert!(turn.as_mut().now_or_never().is_none());
            drop(first);
            assert!(turn.as_mut().now_or_never().is_none());
            drop(second);
            turn.await;
        }
        assert_eq!(heard, [2, 1]);
    }

    #[test]
    fn whoever_gives_up_waiting_makes_room() {
        let queue = Queue::new(2);
        let inside = [queue.enter().unwrap(), queue.enter().unwrap()];
        let mut waiting: Vec<Place> = (0..LONGEST).map(|_| queue.enter().unwrap()).collect();
        assert_eq!(queue.enter().unwrap_err(), Full);
        drop(waiting.remove(3));
        assert_eq!(waiting.iter().map(place_of).collect::<Vec<_>>(), (1..200).collect::<Vec<_>>());
        drop(inside);
        assert_eq!(waiting.iter().map(place_of).take(4).collect::<Vec<_>>(), [0, 0, 1, 2]);
        drop(waiting);
        assert_eq!(place_of(&queue.enter().unwrap()), 0);
    }
}
