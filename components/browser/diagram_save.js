// Saves the diagram as an SVG or PNG file: both sides, with the colours that they have on the page.
const { svg, set } = twoHeads.svg
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "opacity", "visibility", "font-family", "font-size", "font-weight", "stop-color"]
const MARGIN = 16

// One SVG with the title and all sides below each other or, where they are, side by side.
function whole(title, sides, look) {
  const boxes = sides.map((side) => side.getBoundingClientRect())
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))]
  const width = Math.max(...boxes.map((box) => box.right)) - left + 2 * MARGIN
  const height = Math.max(...boxes.map((box) => box.bottom)) - top + 2 * MARGIN + 26
  const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` })
  root.append(svg("rect", { width, height, fill: look.ground }))
  root.append(svg("text", { x: MARGIN, y: MARGIN + 14, fill: look.text, "font-family": look.family, "font-size": 16, "font-weight": 650 }, title))
  sides.forEach((side, i) => {
    const copy = side.cloneNode(true)
    inline(side, copy)
    set(copy, { x: boxes[i].left - left + MARGIN, y: boxes[i].top - top + MARGIN + 26, class: null })
    root.append(copy)
  })
  return { text: new XMLSerializer().serializeToString(root), width, height }
}

// Writes what style sheets say of `from` and everything in it as attributes of its copy.
function inline(from, to) {
  const style = getComputedStyle(from)
  for (const name of STYLES) set(to, { [name]: style.getPropertyValue(name) || null })
  // Another program may have other fonts; the words keep their room.
  if (from.tagName === "text" && from.textContent) set(to, { textLength: from.getComputedTextLength().toFixed(1), lengthAdjust: "spacingAndGlyphs" })
  for (const name of ["class", "tabindex", "role", "style"]) to.removeAttribute(name)
  ;[...from.children].forEach((child, i) => inline(child, to.children[i]))
}

async function save(title, sides, look, format, name) {
  const picture = whole(title, sides, look)
  let file = new Blob([picture.text], { type: "image/svg+xml" })
  if (format === "png") file = await bitmap(file, picture)
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = `${name}.${format}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

async function bitmap(file, { width, height }) {
  const image = new Image()
  image.src = URL.createObjectURL(file)
  await image.decode()
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height })
  canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height)
  URL.revokeObjectURL(image.src)
  return new Promise((done) => canvas.toBlob(done, "image/png"))
}

twoHeads.diagram.save = save
