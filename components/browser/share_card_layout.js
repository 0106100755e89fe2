// @ts-check
// Where everything stands on the card that is shared: pure arithmetic with the widths of words.

export const WIDTH = 1200
export const HEIGHT = 630
const MARGIN = 48
const RIGHT = WIDTH - MARGIN
const TOP = 96 // of the title
const BOTTOM = HEIGHT - 40
const GAP = 20
const COLUMN = 440 // pixels of the words beside a picture
const TALL = 2.4 // a picture with a smaller ratio of width to height stands beside the words
const MARK = 30 // the height of the mark in pixels
const LINE = 1.28 // the ratio of a line's height to the size of its font
const CODE = 232 // the most pixels of a side of the QR code
const FINEST = 2 // the fewest pixels of a module that a phone reads
const QUIET = 4 // modules of white around the code (ISO 18004)
const LARGEST = 2 // the most pixels of the card for a pixel of the picture
const ROOM = 180 // pixels in height that words leave for a picture below them
const LEAST = 90 // pixels; a picture with less height is left out

/** @typedef {"text" | "faint" | "right" | "wrong"} Ink */
/** @typedef {{ text: string, x: number, y: number, font: string, ink: Ink }} Line */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ text: string, right: boolean | null }} Prediction */

/**
 * What the card says: all plain text. `code` has a row of hexadecimal digits for each row of the QR code, `numbers` are
 * shown where there is no picture.
 * @typedef {object} Words
 * @property {string} place
 * @property {string} title
 * @property {string} finding
 * @property {[value: string, meaning: string][]} numbers
 * @property {Prediction | null} prediction
 * @property {string} link
 * @property {string[] | null} code
 */

/** @typedef {{ x: number, y: number, module: number, side: number, rows: boolean[][] }} Code */
/** @typedef {{ mark: Box, lines: Line[], picture: Box | null, code: Code | null }} Layout */

/**
 * Breaks a text into lines of at most `width` pixels, inside a word only if it is wider than a line. The last line ends
 * with “…” if the text needs more than `most` lines.
 * @param {string} text
 * @param {number} width
 * @param {number} most
 * @param {(words: string) => number} widthOf
 */
export function wrap(text, width, most, widthOf) {
  /** @type {string[]} */
  const lines = []
  let line = ""
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word
    if (widthOf(longer) <= width) {
      line = longer
      continue
    }
    if (line) lines.push(line)
    line = word
    while (widthOf(line) > width && lines.length <= most) {
      const part = cut(line, width, widthOf)
      lines.push(part)
      line = line.slice(part.length)
    }
    if (lines.length > most) break
  }
  if (line) lines.push(line)
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), ellipsis(lines[most - 1], width, widthOf)]
}

/**
 * The beginning of a text that fits, at least one character of it. No surrogate pair is cut.
 * @param {string} text
 * @param {number} width
 * @param {(words: string) => number} widthOf
 */
function cut(text, width, widthOf) {
  const letters = [...text]
  let [fits, over] = [1, letters.length + 1]
  while (over - fits > 1) {
    const half = (fits + over) >> 1
    if (widthOf(letters.slice(0, half).join("")) <= width) fits = half
    else over = half
  }
  return letters.slice(0, fits).join("")
}

/**
 * A text with “…” at its end, as much of it as fits.
 * @param {string} text
 * @param {number} width
 * @param {(words: string) => number} widthOf
 */
function ellipsis(text, width, widthOf) {
  return `${cut(text, width - widthOf("…"), widthOf).trimEnd()}…`
}

/**
 * One line: the text, or its beginning with “…”.
 * @param {string} text
 * @param {number} width
 * @param {(words: string) => number} widthOf
 */
const oneLine = (text, width, widthOf) => (widthOf(text) <= width ? text : ellipsis(text, width, widthOf))

/** The rows of a QR code, from hexadecimal digits. @param {string[]} rows */
export const modulesOf = (rows) =>
  rows.map((row) =>
    [...row]
      .flatMap((digit) => [8, 4, 2, 1].map((bit) => (Number.parseInt(digit, 16) & bit) > 0))
      .slice(0, rows.length),
  )

/**
 * The QR code in a corner at the bottom; null if its modules would be too small to be read.
 * @param {string[] | null} rows
 * @param {number} right where it ends; 0 for the corner at the left
 * @returns {Code | null}
 */
function placeCode(rows, right) {
  const count = (rows?.length ?? 0) + 2 * QUIET
  const module = Math.min(Math.floor(CODE / count), 6)
  if (!rows?.length || module < FINEST) return null
  const side = module * count
  return { x: right ? right - side : MARGIN, y: BOTTOM - side, module, side, rows: modulesOf(rows) }
}

/** Lines of text, each written at its place. */
class Page {
  /** @type {Line[]} */
  lines = []
  #family
  #measure

  /**
   * @param {string} family
   * @param {Measure} measure
   */
  constructor(family, measure) {
    this.#family = family
    this.#measure = measure
  }

  /** @param {number} size */
  font(size, weight = 400) {
    return `${weight} ${size}px ${this.#family}`
  }

  /**
   * Writes one line, or as much of it as fits. Returns where the whole text would end.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {string} font
   * @param {Ink} ink
   * @param {number} width
   */
  line(text, x, y, font, ink, width) {
    const widthOf = (/** @type {string} */ part) => this.#measure(part, font)
    this.lines.push({ text: oneLine(text, width, widthOf), x, y, font, ink })
    return x + widthOf(text)
  }

  /**
   * Writes a text in the largest of `sizes` in which it fits. In the last one, as many of its sentences as fit, and if
   * not even the first does, its beginning. Returns where it ends.
   * @param {string} text
   * @param {Box} box
   * @param {number[]} sizes
   * @param {number} weight
   * @param {number} most lines
   * @param {Ink} ink
   */
  block(text, { x, y, width, height }, sizes, weight, most, ink = "text") {
    for (const size of sizes) {
      const font = this.font(size, weight)
      const last = size === sizes.at(-1)
      const room = Math.min(most, Math.floor(height / (size * LINE)))
      if (room < 1) continue
      const linesOf = (/** @type {string} */ words) =>
        wrap(words, width, words.length, (part) => this.#measure(part, font))
      let lines = linesOf(text)
      if (lines.length > room && !last) continue
      const sentences = text.split(/(?<=[.?!]) (?=\p{Lu})/u)
      while (lines.length > room && sentences.pop() && sentences.length) lines = linesOf(`${sentences.join(" ")} …`)
      if (lines.length > room) lines = wrap(text, width, room, (part) => this.#measure(part, font))
      lines.forEach((part, i) => {
        this.lines.push({ text: part, x, y: y + size * (0.95 + i * LINE), font, ink })
      })
      return y + size * LINE * lines.length
    }
    return y
  }
}

/**
 * Places everything on the card. A wide picture stands below the words, another one beside them.
 * @param {Words} words
 * @param {Size | null} picture
 * @param {string} family of the fonts
 * @param {Measure} measure
 * @returns {Layout}
 */
export function arrange(words, picture, family, measure) {
  const page = new Page(family, measure)
  const mark = { x: MARGIN, y: 42, width: (MARK * 34) / 26, height: MARK }
  const named = page.line("Two Heads", mark.x + mark.width + 12, 66, page.font(24, 700), "text", RIGHT)
  if (words.place) page.line(`· ${words.place}`, named + 10, 66, page.font(21), "faint", RIGHT - named - 10)

  const tall = picture !== null && picture.width < TALL * picture.height
  return { mark, lines: page.lines, ...(tall ? beside(page, words, picture) : below(page, words, picture)) }
}

/**
 * The words, and below them the picture, the prediction and the link; the QR code at the right.
 * @param {Page} page
 * @param {Words} words
 * @param {Size | null} picture
 */
function below(page, words, picture) {
  const code = placeCode(words.code, RIGHT)
  // Above the code lines could be longer, but text of one width reads better.
  const width = (code ? code.x - GAP * 2 : RIGHT) - MARGIN
  let bottom = BOTTOM
  page.line(words.link, MARGIN, bottom - 4, page.font(20), "faint", width)
  bottom -= 36
  if (words.prediction) {
    const { text, right } = words.prediction
    page.line(text, MARGIN, bottom - 6, page.font(23, 650), inkOf(right), width)
    bottom -= 40
  }
  const bare = !picture && !words.numbers.length
  const head = { x: MARGIN, y: TOP, width: RIGHT - MARGIN, height: bottom - TOP }
  let top = page.block(words.title, head, [42, 38, 33, 28], 700, bare ? 3 : 2) + 8
  const body = { x: MARGIN, y: top, width, height: bottom - top - (picture ? ROOM + GAP : 0) }
  const lines = picture ? 6 : bare ? 8 : 3
  top = page.block(words.finding, body, bare ? [32, 28, 25, 22] : [25, 22, 20, 18], 400, lines) + GAP
  const rest = { x: MARGIN, y: top, width, height: bottom - top }
  if (!picture) placeNumbers(page, words.numbers, rest)
  return { picture: picture && fit(picture, rest), code }
}

/**
 * The picture at the right of the words, the prediction, the QR code and the link.
 * @param {Page} page
 * @param {Words} words
 * @param {Size} picture
 */
function beside(page, words, picture) {
  const code = placeCode(words.code, 0)
  const after = code ? code.side + 16 : 0
  page.line(words.link, MARGIN + after, BOTTOM - 4, page.font(18), "faint", COLUMN - after)
  let bottom = code ? code.y - GAP : BOTTOM - 40
  if (words.prediction) {
    const { text, right } = words.prediction
    bottom -= 2 * 21 * LINE
    page.block(text, { x: MARGIN, y: bottom, width: COLUMN, height: 60 }, [21], 650, 2, inkOf(right))
    bottom -= GAP / 2
  }
  const head = { x: MARGIN, y: TOP, width: COLUMN, height: 0.65 * (bottom - TOP) }
  const top = page.block(words.title, head, [36, 32, 28, 25], 700, 6) + 10
  page.block(words.finding, { ...head, y: top, height: bottom - top }, [22, 20, 18, 16], 400, 11)
  const x = MARGIN + COLUMN + 2 * GAP
  return { picture: fit(picture, { x, y: TOP, width: RIGHT - x, height: BOTTOM - TOP }), code }
}

/** @param {boolean | null} right @returns {Ink} */
const inkOf = (right) => (right === null ? "text" : right ? "right" : "wrong")

/**
 * The largest box with the picture's proportions, at the left of `box` and in the middle of its height; null if there
 * is too little height.
 * @param {Size} picture
 * @param {Box} box
 * @returns {Box | null}
 */
function fit(picture, box) {
  const scale = Math.min(box.width / picture.width, box.height / picture.height, LARGEST)
  if (!(scale > 0) || Math.min(box.height, picture.height * LARGEST) < LEAST) return null
  const [width, height] = [picture.width * scale, picture.height * scale]
  return { x: box.x, y: box.y + (box.height - height) / 2, width, height }
}

/**
 * Writes up to three numbers, large, with their meanings.
 * @param {Page} page
 * @param {[value: string, meaning: string][]} numbers
 * @param {Box} box
 */
function placeNumbers(page, numbers, { x, y, width, height }) {
  const room = Math.max(Math.min(Math.floor(height / 100), 3), 0)
  numbers.slice(0, room).forEach(([value, meaning], i) => {
    page.line(value, x, y + 56 + 100 * i, page.font(64, 700), "text", width)
    page.line(meaning, x, y + 88 + 100 * i, page.font(21), "faint", width)
  })
}
