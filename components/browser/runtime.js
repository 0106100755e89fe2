// The browser side of Two Heads. Each file beside this one registers renderers; Python mounts them (`mount`).
// Streamlit calls a renderer again whenever its data changed, so a renderer updates what it drew before.
window.twoHeads = (() => {
  const renderers = new Map()

  return {
    // `render({ data, parentElement, setStateValue, setTriggerValue, … })` draws, and may return a clean-up function.
    register(name, render) {
      renderers.set(name, render)
    },

    render(name, component) {
      const render = renderers.get(name)
      if (!render) throw new Error(`no renderer "${name}"`)
      component.parentElement.getRootNode().host?.closest(".stElementContainer")?.setAttribute("data-drawn", "")
      return render(component)
    },

    // Calls `redraw` when a font of the page's text has loaded, because measured text may have another width then.
    // Returns a function that ends this.
    onFont(redraw) {
      const loaded = ({ fontfaces }) => {
        const used = getComputedStyle(document.body).fontFamily
        if (fontfaces.some(({ family }) => used.includes(family.replace(/^["']|["']$/g, "")))) redraw()
      }
      document.fonts?.addEventListener("loadingdone", loaded)
      return () => document.fonts?.removeEventListener("loadingdone", loaded)
    },

    reducedMotion: () => window.matchMedia("(prefers-reduced-motion: reduce)").matches,
  }
})()
