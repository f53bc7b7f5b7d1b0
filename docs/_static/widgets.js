// Runs the lessons' own widgets in a page of the book, without a kernel. MyST-NB writes the widgets'
// states and the places of their views into the page as JSON. An anywidget brings its module along in
// its state; what a module may expect of its host is written at https://anywidget.dev/en/afm/.

(async () => {
  const KIND = "application/vnd.jupyter.widget-";
  const kept = document.querySelector(`script[type="${KIND}state+json"]`);
  const states = JSON.parse(kept.textContent).state;

  function modelOf(state) {
    const listeners = new Map();
    return {
      get: (name) => state[name],
      set(name, value) {
        state[name] = value;
        for (const call of listeners.get(`change:${name}`) ?? []) call();
      },
      save_changes() {}, // there is no Python to send them to
      send() {},
      on(event, call) {
        listeners.set(event, [...(listeners.get(event) ?? []), call]);
      },
      off(event, call) {
        const left = (listeners.get(event) ?? []).filter((known) => call && known !== call);
        listeners.set(event, left);
      },
    };
  }

  for (const place of document.querySelectorAll(`script[type="${KIND}view+json"]`)) {
    const { state } = states[JSON.parse(place.textContent).model_id];
    const source = new Blob([state._esm], { type: "text/javascript" });
    const { default: found } = await import(URL.createObjectURL(source));
    const widget = typeof found === "function" ? await found() : found;
    const model = modelOf(state);
    const el = document.createElement("div");
    place.replaceWith(el);
    await widget.initialize?.({ model });
    await widget.render?.({ model, el });
  }
})();
