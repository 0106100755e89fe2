// @ts-check
// Finds the glossary's words in a text.

/**
 * A word of the glossary, what it means, its name in Keras ("" for none), and the spellings by which it is found. In
 * spellings, `#` stands for a number.
 * @typedef {{ word: string, meaning: string, keras: string, forms: string[] }} Word
 */

// A word is found as a whole: not in a longer word, in an identifier, or in the name of the app.
const BEFORE = "(?<![\\p{L}\\p{N}_]|[\\p{L}\\p{N}][-.]|Two )"
const AFTER = "(?![\\p{L}\\p{N}_(=]|[-.]\\p{L})"

/**
 * A pattern for a spelling and its plural. A name has exactly these letters, another word also begins a sentence.
 * @param {string} form
 */
function patternOf(form) {
  const text = form
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace("#", "\\d+")
    .replaceAll(" ", "\\s+")
    .replace(/^[a-z]/, (first) => `[${first}${first.toUpperCase()}]`)
  return /\p{L}$/u.test(form) ? `${text.replace(/([^aeiou])y$/, "$1(?:y|ie)")}(?:e?s)?` : text
}

/**
 * A function that finds all of `words` in a text: of two that begin at the same place, the longer one.
 * @param {Word[]} words
 * @returns {(text: string) => { word: Word, start: number, end: number }[]}
 */
export function finderOf(words) {
  const forms = words.flatMap((word) => word.forms.map((form) => ({ word, form })))
  forms.sort((one, other) => other.form.length - one.form.length)
  const pattern = new RegExp(`${BEFORE}(?:${forms.map(({ form }) => `(${patternOf(form)})`).join("|")})${AFTER}`, "gu")
  return (text) =>
    [...text.matchAll(pattern)].map(({ index, 0: found, ...groups }) => {
      const at = forms.findIndex((_, i) => groups[i + 1] !== undefined)
      return { word: forms[at].word, start: index, end: index + found.length }
    })
}
