// @ts-check
// Finds the glossary's words in a text. A word is found as a whole: not as a part of a longer word or of an identifier.

/**
 * A word of the glossary, what it means, its name in Keras ("" for none), and the spellings by which it is found. In
 * spellings, `#` stands for a number.
 * @typedef {{ word: string, meaning: string, keras: string, forms: string[] }} Word
 */
/** @typedef {{ word: Word, start: number, end: number }} Found */

const BEFORE = "(?<![\\p{L}\\p{N}_]|[\\p{L}\\p{N}][-.])"
const AFTER = "(?![\\p{L}\\p{N}_(=]|[-.]\\p{L})"
const NAME = "Two Heads" // the name of the app, in which “Heads” is not marked

/**
 * A pattern for a spelling and its plural.
 * @param {string} form
 */
function patternOf(form) {
  const text = form
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/#/g, "\\d+")
    .replace(/ /g, "\\s+")
  if (/[^aeiou]y$/.test(form)) return `${text.slice(0, -1)}(?:y|ies)`
  return /\p{L}$/u.test(form) ? `${text}(?:e?s)?` : text
}

/**
 * A function that finds all of `words` in a text, in the order of the text. Of two that begin at the same place it
 * takes the longer one. A spelling with a capital letter is a name: it is found in exactly these letters, others in any
 * case.
 * @param {Word[]} words
 * @returns {(text: string) => Found[]}
 */
export function finderOf(words) {
  const forms = words
    .flatMap((word) => word.forms.map((form) => ({ word, form, name: form !== form.toLowerCase() })))
    .sort((one, other) => other.form.length - one.form.length)
  if (!forms.length) return () => []
  const pattern = new RegExp(`${BEFORE}(?:${forms.map(({ form }) => `(${patternOf(form)})`).join("|")})${AFTER}`, "giu")
  return (text) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const { word, form, name } = forms[match.slice(1).findIndex((group) => group !== undefined)]
      const letters = match[0].slice(0, form.search(/#|$/))
      if (name && !form.startsWith(letters)) return []
      const [start, end] = [match.index, match.index + match[0].length]
      return text.slice(0, end).endsWith(NAME) ? [] : [{ word, start, end }]
    })
}
