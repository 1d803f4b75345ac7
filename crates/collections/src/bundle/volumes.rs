//! The volumes of a bundle (分册): no more lines in one than the policy lets be printed at a time. Pure.

use print::{Chapter, ReportTable, Section};

/// How many lines chapters take: their rows and paragraphs.
#[must_use]
pub(super) fn lines(chapters: &[Chapter]) -> usize {
    chapters.iter().flat_map(|chapter| &chapter.sections).map(weight).sum()
}

/// Chapters in volumes of at most so many lines each (rule `bundle.volumes`): what does not fit goes on in the next one, under a
/// title that `goes_on` makes of its own. Nothing is left out.
#[must_use]
pub(super) fn split(chapters: Vec<Chapter>, most: usize, goes_on: &dyn Fn(&str) -> String) -> Vec<Vec<Chapter>> {
    let most = most.max(1);
    let (mut volumes, mut room) = (vec![Vec::<Chapter>::new()], most);
    for chapter in chapters {
        let mut begun = false;
        let mut waiting: Vec<Section> = chapter.sections;
        waiting.reverse();
        while let Some(section) = waiting.pop() {
            let full = room == 0;
            if full {
                volumes.push(Vec::new());
                room = most;
            }
            let (section, rest) = cut(section, room, goes_on);
            room = room.saturating_sub(1 + weight(&section));
            waiting.extend(rest);
            let Some(volume) = volumes.last_mut() else { continue };
            match volume.last_mut().filter(|_| begun && !full) {
                Some(last) => last.sections.push(section),
                None => {
                    let title = if begun { goes_on(&chapter.title) } else { chapter.title.clone() };
                    volume.push(Chapter { title, sections: vec![section] });
                }
            }
            begun = true;
        }
    }
    volumes
}

fn weight(section: &Section) -> usize {
    section.paragraphs.len() + section.table.as_ref().map_or(0, |table| table.rows.len())
}

/// A section as far as there is room, at least one row of it, and the rest.
fn cut(mut section: Section, room: usize, goes_on: &dyn Fn(&str) -> String) -> (Section, Option<Section>) {
    let words = section.paragraphs.len();
    let Some(table) = &mut section.table else { return (section, None) };
    let keep = room.saturating_sub(words + 1).max(1);
    if table.rows.len() <= keep {
        return (section, None);
    }
    let rows = table.rows.split_off(keep);
    let rest = ReportTable { columns: table.columns.clone(), rows };
    let title = goes_on(&section.title);
    (section, Some(Section { title, paragraphs: Vec::new(), table: Some(rest) }))
}

#[cfg(test)]
mod tests {
    use print::{Align, Column};

    use super::*;

    fn section(title: &str, rows: usize) -> Section {
        let columns = vec![Column { title: "n".to_owned(), align: Align::Left, share: 1 }];
        let rows = (0..rows).map(|no| vec![format!("{title}{no}")]).collect();
        Section { title: title.to_owned(), paragraphs: Vec::new(), table: Some(ReportTable { columns, rows }) }
    }

    // Rule `bundle.volumes`. S4-24
    #[test]
    fn every_line_stands_in_one_volume_and_none_holds_too_many() {
        let chapter = |title: &str, sections| Chapter { title: title.to_owned(), sections };
        let chapters = vec![chapter("A", vec![section("a", 7), section("b", 2)]), chapter("B", vec![section("c", 11)])];
        let told = |chapters: &[Chapter]| {
            let rows = chapters.iter().flat_map(|one| &one.sections).filter_map(|one| one.table.as_ref());
            rows.flat_map(|table| table.rows.clone()).flatten().collect::<Vec<_>>()
        };
        let whole = told(&chapters);
        let volumes = split(chapters.clone(), 6, &|title| format!("{title}+"));
        assert_eq!(volumes.iter().flat_map(|volume| told(volume)).collect::<Vec<_>>(), whole);
        assert!(volumes.iter().all(|volume| lines(volume) <= 6), "{volumes:?}");
        assert_eq!(volumes[1][0].title, "A+", "a chapter goes on in the next volume");
        assert!(volumes.iter().all(|volume| volume.iter().all(|chapter| !chapter.sections.is_empty())));
        assert_eq!(split(chapters.clone(), 100, &|title| title.to_owned()), [chapters]);
        assert_eq!(lines(&[chapter("A", vec![section("a", 3)])]), 3);
    }
}
