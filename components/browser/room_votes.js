// The votes of a room, before and after the discussion.
const { html } = twoHeads.svg
const { root } = twoHeads.room

// `data.options` are { letter, text, right, rounds: [count, …] }; `data.size` is a CSS length.
twoHeads.register("room_votes", ({ data, parentElement }) => {
  const place = root(parentElement, data)
  const most = Math.max(1, ...data.totals)
  place.replaceChildren(...data.options.map(({ letter, text, right, rounds }) => {
    const bars = rounds.map((count, round) => {
      const share = count / Math.max(data.totals[round], 1)
      const bar = html("i", {})
      bar.style.width = `${(70 * count) / most}%`
      const words = `${count} (${Math.round(100 * share)} %)${rounds.length > 1 ? (round ? " after" : " before") : ""}`
      return html("div", { class: `bar ${rounds.length > 1 && !round ? "first" : ""}` }, bar, html("span", {}, words))
    })
    const node = html("div", { class: `option ${right ? "right" : ""}` }, html("b", {}, letter), html("p", {}, right ? `✓ ${text}` : text))
    node.append(html("div", { class: "bars" }, ...bars))
    return node
  }))
})
