//! Keyset pages.

use model::Id;
use store::rows::Seek;

/// Which page of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Where it begins or ends.
    pub cursor: Cursor,
    /// Entries at most, 1–100.
    pub size: usize,
}

/// Where a page begins or ends. An id that does not exist is a position in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// The list's own beginning.
    Start,
    /// Behind this id.
    After(Id),
    /// Immediately in front of this id.
    Before(Id),
}

/// A page, in the list's own order.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Whether entries stand in front of it.
    pub has_previous: bool,
    /// Whether entries stand behind it.
    pub has_next: bool,
    /// Whether it was asked for backwards (`hasMore` speaks about that direction).
    pub backwards: bool,
}

impl<T> Page<T> {
    /// Cuts a page out of up to `size + 1` rows that were read from the cursor on in the direction
    /// that was asked for. A cursor in the request means that something may stand on its other side: look at
    /// [`Page::beyond`].
    pub(crate) fn cut(request: PageRequest, mut rows: Vec<T>) -> Page<T> {
        let more = rows.len() > request.size;
        rows.truncate(request.size);
        match request.cursor {
            Cursor::Before(_) => {
                rows.reverse();
                Page { items: rows, has_previous: more, has_next: true, backwards: true }
            }
            Cursor::After(_) => Page { items: rows, has_previous: true, has_next: more, backwards: false },
            Cursor::Start => Page { items: rows, has_previous: false, has_next: more, backwards: false },
        }
    }

    /// Where to look for one entry on the cursor's other side; `None` where there is none, or nobody is told.
    pub(crate) fn beyond(&self, request: PageRequest, id: impl Fn(&T) -> Id) -> Option<Seek> {
        match request.cursor {
            Cursor::Start => None,
            Cursor::After(_) => self.items.first().map(|first| Seek::Before(id(first))),
            Cursor::Before(_) => self.items.last().map(|last| Seek::After(id(last))),
        }
    }

    /// The same page, once it is known whether there is anything on the cursor's other side.
    pub(crate) fn with_beyond(mut self, exists: bool) -> Page<T> {
        let side = if self.backwards { &mut self.has_next } else { &mut self.has_previous };
        *side = exists;
        self
    }

    /// The same page of other things.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        let Page { items, has_previous, has_next, backwards } = self;
        Page { items: items.into_iter().map(each).collect(), has_previous, has_next, backwards }
    }
}

impl From<Cursor> for Seek {
    fn from(cursor: Cursor) -> Seek {
        match cursor {
            Cursor::Start => Seek::After(Id::MIN),
            Cursor::After(id) => Seek::After(id),
            Cursor::Before(id) => Seek::Before(id),
        }
    }
}
