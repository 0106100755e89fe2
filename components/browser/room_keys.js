// The host's keys. Streamlit's shortcuts listen on the document, and this on the body, so it decides first: a key that is
// held leads on only once, and Space presses the button that has the focus and nothing else.
const KEYS = new Set([" ", "u", "h", "q"])
const PRESSABLE = "a, button, input, label, summary, [role=button], [role=combobox], [role=option], [role=switch]"

twoHeads.register("room_keys", () => {
  function pressed(event) {
    if (!KEYS.has(event.key.toLowerCase())) return
    const space = event.key === " ", pressable = event.composedPath()[0].closest?.(PRESSABLE)
    if (!event.repeat && !(space && pressable)) return
    event.stopPropagation()
    if (space && !pressable) event.preventDefault() // a held Space would scroll the page
  }
  document.body.addEventListener("keydown", pressed)
  return () => document.body.removeEventListener("keydown", pressed)
})
