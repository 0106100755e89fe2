// Drawing by hand: elements, the width of words, and colours. `twoHeads.svg` is what renderers share.
const NAMESPACE = "http://www.w3.org/2000/svg"
const canvas = document.createElement("canvas").getContext("2d")

// Sets attributes; null and undefined remove one.
function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) node.removeAttribute(name)
    else node.setAttribute(name, value)
  }
  return node
}

function svg(name, attributes = {}, ...children) {
  const node = set(document.createElementNS(NAMESPACE, name), attributes)
  node.append(...children)
  return node
}

function html(name, attributes = {}, ...children) {
  const node = set(document.createElement(name), attributes)
  node.append(...children)
  return node
}

// The width in pixels of `words` in a font such as "700 12px Inter".
function widthOf(words, font) {
  canvas.font = font
  return canvas.measureText(words).width
}

// `words`, shortened with an ellipsis to at most `most` pixels.
function shortened(words, font, most) {
  if (widthOf(words, font) <= most) return words
  const letters = [...words]
  while (letters.length && widthOf(`${letters.join("").trimEnd()}…`, font) > most) letters.pop()
  return `${letters.join("").trimEnd()}…`
}

// A colour as [red, green, blue], from "#rrggbb" or "rgb(…)".
function parsed(colour) {
  const text = colour.trim()
  if (text.startsWith("#")) {
    const hex = text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text
    return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))
  }
  return (text.match(/[\d.]+/g) ?? [127, 127, 127]).slice(0, 3).map(Number)
}

// The colour `share` of the way from one to another.
function mixed(from, to, share) {
  const [a, b] = [parsed(from), parsed(to)]
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * share)).join(",")})`
}

function luminance(colour) {
  const [red, green, blue] = parsed(colour).map((value) => {
    const part = value / 255
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

// Black or white: whichever has more contrast on `colour`. It is at least 4.58 : 1.
const ink = (colour) => (luminance(colour) > 0.179 ? "#000000" : "#ffffff")

twoHeads.svg = { set, svg, html, widthOf, shortened, mixed, ink }
