// The compass of two heads, in the plane of their gradients: half-planes, arrows, and tips to drag or to move by keys.
// Everything points downhill: a head's arrow is minus its gradient. Geometry only; steps come from Python.
const { svg, set } = twoHeads.svg
const { labels, arrow, clamp } = twoHeads.compass
const BEYOND = 15 // pixels from a tip to its handle
const NEAREST = 30 // pixels from the origin to a handle at least, so that a short arrow can be taken hold of
const FOOT = 62 // pixels below the origin
const TURN = 280 // milliseconds in which the picture turns and scales back after a drag

const radians = (degrees) => (degrees * Math.PI) / 180

// `move(values)` takes the new angle and ratio as numbers; `rest()` says that the visitor has let go.
function plane(root, move, rest) {
  const shades = svg("g", { class: "shades", "aria-hidden": "true" })
  const regions = svg("g", { "aria-hidden": "true" })
  const arrows = svg("g", { "aria-hidden": "true" })
  const names = svg("g", { "aria-hidden": "true" })
  const handles = [0, 1].map((index) => handle(index))
  root.replaceChildren(shades, regions, arrows, names, ...handles)
  let now = null, scale = 0, turned = 0, held = null, running = 0

  function handle(index) {
    const node = svg("g", { class: "tip", tabindex: "0", role: "slider", "aria-valuemin": 0, "aria-valuemax": 180 },
      svg("circle", { r: 22, class: "reach" }), svg("circle", { r: 11, class: "ring" }), svg("text", { "text-anchor": "middle", "dominant-baseline": "central" }))
    node.addEventListener("pointerdown", (event) => {
      if (event.button) return
      event.preventDefault()
      node.setPointerCapture(event.pointerId)
      node.focus({ preventScroll: true })
      stop()
      const [, radius] = polar(event)
      held = { index, radius: Math.max(radius - BEYOND, 4), ratio: now.ratio, scale, other: index ? turned : turned + now.angle }
    })
    node.addEventListener("pointermove", (event) => { if (held?.index === index) drag(event) })
    const drop = () => { if (held?.index === index) { held = null; settle(); rest() } }
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) node.addEventListener(kind, drop)
    node.addEventListener("keydown", (event) => pressed(event, index))
    return node
  }

  const origin = () => [now.width / 2, now.height - FOOT]

  // Angle in degrees (-180, 180], and distance from the origin, of a pointer that stays in the picture.
  function polar(event) {
    const box = root.getBoundingClientRect()
    const [ox, oy] = origin()
    const x = clamp(event.clientX - box.left, 8, now.width - 8) - ox
    const y = oy - clamp(event.clientY - box.top, 8, now.height - 8)
    return [(Math.atan2(y, x) * 180) / Math.PI, Math.hypot(x, y)]
  }

  // The dragged tip follows the pointer, and the other arrow stays where it is.
  function drag(event) {
    const [angle, radius] = polar(event)
    const factor = Math.max(radius - BEYOND, 4) / held.radius
    if (held.index === 1) {
      const apart = angle >= 0 ? angle : angle > -90 ? 0 : 180
      move({ angle: apart, ratio: held.ratio * factor })
    } else {
      const apart = ((held.other - angle + 540) % 360) - 180
      const wanted = apart >= 0 ? apart : apart > -90 ? 0 : 180
      move({ angle: wanted, ratio: held.ratio / factor })
      turned = held.other - now.angle
      scale = held.scale * (held.ratio / now.ratio)
      paint()
    }
  }

  const KEYS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }

  // Left and right turn a tip, as seen; up and down make its arrow longer and shorter.
  function pressed(event, index) {
    const key = KEYS[event.key]
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const size = event.shiftKey ? 5 : 1
    const side = index ? 1 : -1
    move({ angle: now.angle + side * size * key[0], ratio: now.ratio * 10 ** (side * 0.05 * size * key[1]) })
  }

  // The scale at which everything fits.
  function fitting() {
    const [ox, oy] = origin()
    const room = [ox - 40, ox - 40, oy - 54, FOOT - 16] // right, left, up, down
    const fits = vectors().map(([x, y]) => {
      const along = [x, -x, y, -y]
      return Math.min(...along.map((each, i) => (each > 1e-9 ? room[i] / each : Infinity)))
    })
    return Math.min(...fits)
  }

  const gradients = () => [[1, 0], [now.ratio * Math.cos(radians(now.angle)), now.ratio * Math.sin(radians(now.angle))]]
  const vectors = () => [...gradients(), ...now.steps.map((step) => step.at)]

  function stop() {
    cancelAnimationFrame(running)
    running = 0
  }

  // After a drag the picture turns and scales back softly, so that A lies level again and everything fits.
  function settle() {
    stop()
    const [from, wide, begun] = [turned, scale, performance.now()]
    const frame = (time) => {
      const t = twoHeads.reducedMotion() ? 1 : clamp((time - begun) / TURN, 0, 1)
      const eased = t * t * (3 - 2 * t)
      turned = from * (1 - eased)
      scale = wide * (fitting() / wide) ** eased
      running = t < 1 ? requestAnimationFrame(frame) : 0
      paint()
    }
    frame(begun)
  }

  function placed([x, y]) {
    const [ox, oy] = origin()
    const [cos, sin] = [Math.cos(radians(turned)), Math.sin(radians(turned))]
    return [ox + scale * (x * cos - y * sin), oy - scale * (x * sin + y * cos)]
  }

  function paint() {
    const [ox, oy] = origin()
    const far = 2 * (now.width + now.height)
    const bearings = [turned, turned + now.angle]
    shades.replaceChildren(...bearings.map((bearing, i) => half(ox, oy, radians(bearing), far, now.heads[i].colour)))

    const tips = gradients().map(placed)
    const drawn = now.steps.filter((step) => !step.still).map((step) => ({ ...step, tip: placed(step.at) }))
    drawn.sort((one, other) => Math.hypot(...other.at) - Math.hypot(...one.at))
    arrows.replaceChildren(
      arc(ox, oy),
      ...tips.map(([x, y], i) => arrow(ox, oy, x, y, { colour: now.heads[i].colour, width: 7, title: `Head ${now.heads[i].name}` })),
      ...drawn.map(({ tip: [x, y], colour, dash, title }) => arrow(ox, oy, x, y, { colour, dash, width: 3, title })),
      svg("circle", { cx: ox, cy: oy, r: 4, class: "origin" }),
    )

    const spots = tips.map(([x, y], i) => {
      const length = Math.hypot(x - ox, y - oy)
      const bearing = radians(bearings[i])
      const at = Math.max(length + BEYOND, NEAREST)
      return [ox + at * Math.cos(bearing), oy - at * Math.sin(bearing)]
    })
    handles.forEach((node, i) => {
      const [x, y] = spots[i]
      set(node, { transform: `translate(${x} ${y})`, "aria-valuenow": Math.round(now.angle), style: `--hue: ${now.heads[i].colour}` })
      set(node, { "aria-label": `Tip of head ${now.heads[i].name}`, "aria-valuetext": `${Math.round(now.angle * 100) / 100}° between A and B, B ${now.length} times as long as A` })
      node.lastChild.textContent = now.heads[i].name
    })

    const wanted = [
      ...spots.map(([x, y], i) => ({ words: `head ${now.heads[i].name}`, x, y: y - 10, dx: 0, dy: 0.9 })),
      ...drawn.map(({ tip: [x, y], title }) => {
        const length = Math.hypot(x - ox, y - oy) || 1
        return { words: title, x, y, dx: (x - ox) / length, dy: (oy - y) / length, method: true }
      }),
    ]
    const words = labels(wanted, `600 13px ${now.family}`, now.width, now.height, spots)
    names.replaceChildren(...words)
    const busy = [...tips, ...drawn.map(({ tip }) => tip)]
    regions.replaceChildren(...named(ox, oy, bearings, busy, words))
  }

  function arc(ox, oy) {
    const [from, to] = [radians(turned), radians(turned + now.angle)]
    const at = (angle, radius) => [ox + radius * Math.cos(angle), oy - radius * Math.sin(angle)]
    const [start, end] = [at(from, 40), at(to, 40)]
    return svg("path", { d: `M${start}A40 40 0 0 0 ${end}`, class: "arc" })
  }

  // What happens in each part of the picture, written where there is most room for it; nothing where there is too little.
  function named(ox, oy, bearings, busy, words) {
    const boxes = words.filter((node) => node.tagName === "text").map((node) => [Number(node.getAttribute("x")) + 40, Number(node.getAttribute("y"))])
    const best = new Map()
    for (let x = 62; x <= now.width - 62; x += 16) {
      for (let y = 18; y <= now.height - 14; y += 16) {
        const [dx, dy] = [x - ox, oy - y]
        const along = bearings.map((bearing) => dx * Math.cos(radians(bearing)) + dy * Math.sin(radians(bearing)))
        const room = Math.min(...along.map((each) => Math.abs(each) * 0.8), ...busy.map((tip) => toSegment(x, y, ox, oy, ...tip)),
          ...boxes.map(([bx, by]) => Math.hypot((x - bx) / 2, y - by) + 6), Math.abs(y - oy) + 60)
        const region = along.map((each) => (each > 0 ? 1 : 0)).join("")
        if (room > (best.get(region)?.room ?? 30)) best.set(region, { room, x, y })
      }
    }
    const [a, b] = now.heads.map(({ name }) => name)
    const said = { 11: "both losses fall", 10: `only ${a}’s loss falls`, "01": `only ${b}’s loss falls`, "00": "both losses rise" }
    return [...best].map(([region, { x, y }]) => svg("text", { x, y, class: region === "11" ? "region both" : "region", "text-anchor": "middle", "dominant-baseline": "central" }, said[region]))
  }

  return {
    show(next) {
      now = next
      if (!held && !running) {
        turned = 0
        scale = fitting()
      }
      paint()
    },
    leave: stop,
  }
}

// The half-plane in which a head's loss falls.
function half(x, y, bearing, far, colour) {
  const [nx, ny] = [far * Math.cos(bearing), -far * Math.sin(bearing)]
  const points = [[x - ny, y + nx], [x - ny + nx, y + nx + ny], [x + ny + nx, y - nx + ny], [x + ny, y - nx]]
  return svg("g", {}, svg("polygon", { points: points.join(" "), fill: colour, "fill-opacity": 0.13 }),
    svg("path", { d: `M${points[0]}L${points[3]}`, stroke: colour, class: "edge" }))
}

// The distance of a point from the line between two others.
function toSegment(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay]
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1), 0, 1)
  return Math.hypot((x - ax - t * dx) / 1.6, y - ay - t * dy)
}

twoHeads.compass.plane = plane
