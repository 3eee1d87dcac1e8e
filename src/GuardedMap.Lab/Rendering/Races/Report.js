"use strict";
// Steps through the schedules of the page. All text is set as text, never as markup: keys are the user's.
(() => {
  const schedules = JSON.parse(document.getElementById("schedules").textContent);
  let active = null;

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  class Viewer {
    constructor(section, schedule) {
      this.section = section;
      this.schedule = schedule;
      this.slider = section.querySelector("input");
      this.rows = [...section.querySelectorAll("tr[data-step]")];
      this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
      section.querySelector(".back").addEventListener("click", () => this.show(this.step - 1));
      section.querySelector(".next").addEventListener("click", () => this.show(this.step + 1));
      for (const kind of ["pointerdown", "focusin"]) section.addEventListener(kind, () => activate(this));
      for (const row of this.rows) row.addEventListener("click", () => this.show(Number(row.dataset.step)));
      this.show(schedule.steps.length);
    }

    get last() { return this.schedule.steps.length; }

    show(step) {
      this.step = Math.max(0, Math.min(this.last, step));
      this.slider.value = this.step;
      this.section.dataset.step = this.step;
      this.section.querySelector("output").textContent = this.step === 0 ? "before the first step" : `step ${this.step} of ${this.last}`;
      for (const row of this.rows) {
        const number = Number(row.dataset.step);
        row.classList.toggle("now", number === this.step);
        row.classList.toggle("future", number > this.step);
      }

      const now = this.rows[this.step - 1];
      const box = this.section.querySelector(".lanes");
      if (now) box.scrollTop = now.offsetTop - box.clientHeight / 2;
      else box.scrollTop = 0;
      this.showBuckets();
      this.showStacks();
    }

    bucketsAt(step) { return this.schedule.tables[step === 0 ? 0 : this.schedule.steps[step - 1].table]; }

    showBuckets() {
      const place = this.section.querySelector(".buckets");
      const buckets = this.bucketsAt(this.step);
      const before = this.step === 0 ? buckets : this.bucketsAt(this.step - 1);
      place.replaceChildren(...buckets.map((bucket, b) => {
        const line = element("div", undefined, "bucket");
        line.append(element("b", bucket.name));
        bucket.slots.forEach((slot, s) => {
          const was = before[b] && before[b].name === bucket.name ? before[b].slots[s] : undefined;
          line.append(element("span", slot.text, `slot${slot.live ? " live" : ""}${was === undefined || was.text !== slot.text ? " changed" : ""}`));
        });
        return line;
      }));
      if (buckets.length === 0) place.append(element("p", "This scenario has no table of its own to show.", "faint"));
    }

    showStacks() {
      const place = this.section.querySelector(".stacks");
      const running = this.step === 0 ? -1 : this.schedule.steps[this.step - 1].actor;
      place.replaceChildren(...this.schedule.actors.map((name, actor) => {
        const made = this.schedule.steps.slice(0, this.step).filter(s => s.actor === actor);
        const latest = made[made.length - 1];
        const state = !latest ? "has not begun" : actor === running ? "makes this step" : latest.ends ? "has ended" : "is in the middle of its work and waits";
        const box = element("div");
        box.append(element("h4", name, `actor${actor % 4}`), element("p", state, "faint"));
        if (latest) box.append(element("pre", [latest.operation, ...latest.stack.map(frame => `  at ${frame}`)].join("\n"), "stack"));
        const refused = this.schedule.refusals.find(r => r.actor === actor && r.step === this.step);
        if (refused) box.append(element("p", refused.message, "alarm"));
        return box;
      }));
    }
  }

  function activate(viewer) {
    if (active) active.section.classList.remove("active");
    active = viewer;
    active.section.classList.add("active");
  }

  const viewers = schedules.map((schedule, i) => new Viewer(document.getElementById(`schedule-${i + 1}`), schedule));
  if (viewers.length > 0) activate(viewers[0]);
  document.addEventListener("keydown", event => {
    if (!active || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowLeft: active.step - 1, ArrowRight: active.step + 1, Home: 0, End: active.last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    active.show(to);
  });
})();
