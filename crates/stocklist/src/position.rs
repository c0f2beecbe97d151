//! Columns as people name them: 5 or E is the fifth.

/// The largest number of columns that a sheet can have.
pub(crate) const MAX_COLUMNS: usize = 16_384;

/// The index of the column that a number from 1 or a letter names; `None` for any other text.
pub(crate) fn parse(text: &str) -> Option<usize> {
    let text = text.trim();
    let index = match text.parse::<usize>() {
        Ok(number) => number.checked_sub(1)?,
        Err(_) => of_letters(text)?,
    };
    (index < MAX_COLUMNS).then_some(index)
}

/// The index of a column by its letters. Cyrillic letters count as the Latin ones that look the same.
pub(crate) fn of_letters(text: &str) -> Option<usize> {
    let length = text.chars().count();
    if !(1..=3).contains(&length) {
        return None;
    }
    let mut number = 0;
    for letter in text.chars() {
        let place = usize::try_from(u32::from(latin(letter)?) - u32::from('A')).ok()?;
        number = number * 26 + place + 1;
    }
    number.checked_sub(1)
}

fn latin(letter: char) -> Option<char> {
    Some(match letter {
        'A'..='Z' => letter,
        'a'..='z' => letter.to_ascii_uppercase(),
        'А' | 'а' => 'A',
        'В' => 'B',
        'Е' | 'е' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' | 'о' => 'O',
        'Р' | 'р' => 'P',
        'С' | 'с' => 'C',
        'Т' => 'T',
        'Х' | 'х' => 'X',
        _ => return None,
    })
}

/// The letters of a column.
pub(crate) fn letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut left = Some(index);
    while let Some(index) = left {
        letters.push(u8::try_from(index % 26).map_or('?', |place| char::from(b'A' + place)));
        left = (index / 26).checked_sub(1);
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters_and_numbers() {
        for (index, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(letters(index), name);
            assert_eq!(parse(name), Some(index));
            assert_eq!(parse(&name.to_lowercase()), Some(index));
            assert_eq!(parse(&(index + 1).to_string()), Some(index));
        }
        assert_eq!(parse("С"), Some(2), "a Cyrillic letter");
        for text in ["", "0", "16385", "XFE", "ABCD", "Юг", "-1", "A1"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
