"use strict";
// Steps through a recording. All text is set as text, never as markup: keys are the user's.
(() => {
  const MOST_IN_DETAIL = 40;
  const MOST_DRAWN = 1024;
  const WAIT = 450;
  const recording = JSON.parse(document.getElementById("recording").textContent);
  const steps = recording.steps;
  const items = [...document.querySelectorAll("#steps li")];
  const byId = id => document.getElementById(id);
  const slider = byId("slider");
  const last = steps.length - 1;
  let now = 0;
  let timer = null;

  function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  // Every step's table, sharing the buckets that did not change.
  const empty = count => Array.from({ length: count }, () => [0]);
  const states = [];
  steps.forEach((step, i) => {
    const before = states[i - 1];
    let table = before ? { n: before.n, o: before.o } : { n: recording.first.n, o: recording.first.o };
    if (step.all) table = { n: step.all.n, o: step.all.o };
    if (step.grow !== undefined) table = { n: empty(step.grow), o: table.n };
    if (step.done) table = { n: table.n, o: [] };
    const copied = {};
    for (const [array, bucket, chain] of step.c || []) {
      if (!copied[array]) { table[array] = table[array].slice(); copied[array] = true; }
      table[array][bucket] = chain;
    }
    states.push({
      n: table.n, o: table.o, count: step.count,
      capacity: step.capacity !== undefined ? step.capacity : before.capacity,
      reason: step.reason !== undefined ? step.reason : before.reason,
      it: step.it !== undefined ? step.it : before ? before.it : undefined,
    });
  });

  const slotsOf = link => link === 0 ? [0, 0, 0, 0, 0, 0, 0, 0] : link;
  const slotAt = (array, bucket, link, slot) => {
    const chain = array && array[bucket];
    return chain && link < chain.length ? slotsOf(chain[link])[slot] : 0;
  };

  function drawSlot(value, title) {
    const tophash = value & 255;
    if (tophash >= 5) {
      const [key, text, number] = recording.entries[value >> 8];
      const made = element("span", undefined, "slot live");
      made.append(element("small", tophash.toString(16).padStart(2, "0")), key);
      made.title = `${title}: ${key} = ${text}, entry ${number}`;
      return made;
    }
    const [text, kind, name] = [["", "", "emptyRest"], ["", "", ""], ["X", " gone x", "evacuatedX"], ["Y", " gone y", "evacuatedY"], ["\u2013", " gone", "evacuatedEmpty"]][tophash];
    const made = element("span", text, `slot${kind}`);
    made.title = `${title}: ${name}`;
    return made;
  }

  // The iterator goes over entries, so what shows where it is, is a number: of the entry it stands on.
  const standsOn = it => it && it[0] === "Bucket" ? it[2] * 8 + it[3] : -1;

  function drawArray(id, array, before, isOld, it) {
    const place = byId(id);
    place.hidden = array.length === 0 && isOld;
    const evacuated = array.filter(chain => { const top = slotsOf(chain[0])[0] & 255; return top >= 2 && top <= 4; }).length;
    const growing = states[now].o.length > 0;
    place.querySelector("h2").textContent = isOld ? `old buckets, ${evacuated} of ${array.length} evacuated` : growing ? `new buckets (${array.length})` : `buckets (${array.length})`;
    const rows = place.querySelector(".rows");
    const many = array.length > MOST_IN_DETAIL;
    rows.className = many ? "rows many" : "rows";
    const entry = standsOn(it);
    rows.replaceChildren(...array.slice(0, MOST_DRAWN).map((chain, b) => {
      const row = element("div", undefined, "row");
      row.append(element("b", String(b)));
      const links = element("div", undefined, "links");
      chain.forEach((link, l) => {
        const line = element("div", undefined, "link");
        slotsOf(link).forEach((value, s) => {
          const slot = drawSlot(value, `${isOld ? "old " : ""}bucket ${b}${l > 0 ? ` link ${l}` : ""} slot ${s}`);
          if (before && slotAt(before, b, l, s) !== value) slot.classList.add("changed");
          if (entry >= 0 && (value & 255) >= 5 && recording.entries[value >> 8][2] === entry) slot.classList.add("stands");
          if (many) slot.textContent = "";
          line.append(slot);
        });
        links.append(line);
      });
      row.append(links);
      return row;
    }));
    if (array.length > MOST_DRAWN) rows.append(element("p", `and ${array.length - MOST_DRAWN} buckets more`, "faint"));
    if (array.length === 0) rows.append(element("p", "no buckets yet: nothing was ever stored", "faint"));
  }

  function drawIterator(it) {
    byId("iterator").hidden = !it;
    if (!it) return;
    const [state, contract, bucket, slot, start, offset, buckets, wrapped] = it;
    byId("states").replaceChildren(...["Nil", "Init", "Bucket", "NextBucket", "Done"].flatMap((name, i) => {
      const made = element("span", name, name === state ? "live" : "");
      return i === 0 ? [made] : [i === 3 ? " \u2194 " : " \u2192 ", made];
    }));
    const facts = [["contract", contract], ["began with entry", start * 8 + offset], ["stretch", `${bucket} of ${buckets}, eight entries each`], ["entry", slot < 0 ? "between entries" : bucket * 8 + slot], ["wrapped", wrapped ? "yes" : "no"]];
    byId("position").replaceChildren(...facts.flatMap(([name, value]) => [element("dt", name), element("dd", String(value))]));
  }

  function show(step) {
    now = Math.max(0, Math.min(last, step));
    const state = states[now];
    const before = now === 0 ? null : states[now - 1];
    document.body.dataset.step = now;
    slider.value = now;
    byId("place").textContent = now === 0 ? "before the first step" : `step ${now} of ${last}`;
    const item = items[now];
    byId("operation").textContent = item.dataset.operation || "";
    byId("event").textContent = item.textContent;
    byId("event").className = item.classList.contains("alarm") ? "alarm" : "";
    byId("details").replaceChildren(...(item.dataset.details ? item.dataset.details.split("\n").map(text => element("li", text)) : []));
    items.forEach(other => other.classList.toggle("now", other === item));
    const list = byId("steps");
    list.scrollTop = item.offsetTop - list.clientHeight / 2;
    const growing = state.o.length > 0;
    byId("figures").textContent = `${state.count} ${state.count === 1 ? "entry" : "entries"}, load factor ${(state.count / Math.max(1, state.n.length)).toFixed(2)}, doubles beyond ${state.capacity} entries, ${growing ? `growing: ${state.reason}` : "not growing"}`;
    // A growth makes the new array the old one: there is nothing to compare it with but itself.
    const grew = before && growing && before.o.length === 0;
    drawArray("old", state.o, before ? grew ? before.n : before.o : null, true, state.it);
    drawArray("new", state.n, before ? grew ? [] : before.n : null, false, state.it);
    drawIterator(state.it);
    if (now === last) pause();
  }

  function pause() {
    if (timer) clearInterval(timer);
    timer = null;
    byId("play").textContent = "\u25B7";
    byId("play").setAttribute("aria-label", "play");
  }

  function play() {
    if (timer) { pause(); return; }
    if (now === last) show(0);
    timer = setInterval(() => show(now + 1), WAIT);
    byId("play").textContent = "\u23F8";
    byId("play").setAttribute("aria-label", "pause");
  }

  const jump = to => { pause(); show(to()); };
  slider.addEventListener("input", () => jump(() => Number(slider.value)));
  byId("first").addEventListener("click", () => jump(() => 0));
  byId("back").addEventListener("click", () => jump(() => now - 1));
  byId("next").addEventListener("click", () => jump(() => now + 1));
  byId("last").addEventListener("click", () => jump(() => last));
  byId("play").addEventListener("click", play);
  items.forEach((item, i) => item.addEventListener("click", () => jump(() => i)));
  document.addEventListener("keydown", event => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, PageUp: now - 10, PageDown: now + 10, Home: 0, End: last }[event.key];
    // The space bar on a button presses it.
    if (event.key === " " && event.target.tagName !== "BUTTON") play();
    else if (to !== undefined) jump(() => to);
    else return;
    event.preventDefault();
  });
  // A link may lead to a step: growth.html#17.
  const linked = () => Number(/^#(\d+)$/.exec(location.hash)?.[1] ?? 0);
  window.addEventListener("hashchange", () => jump(linked));
  show(linked());
})();
