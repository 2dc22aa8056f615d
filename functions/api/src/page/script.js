// What the page can do without, and is nicer with: how long ago a time was, and a page that renews itself in place.
"use strict";
(() => {
  const MINUTE = 60_000;
  // The page's own time, not this machine's: in the demo they differ.
  const offset = Date.parse(document.body.dataset.now) - Date.now() || 0;

  // "3 h ago", "in 2 d"; in hours up to two days, as the page counts AWS's time.
  const ago = (at) => {
    const minutes = Math.trunc((Date.now() + offset - at) / MINUTE);
    const far = Math.abs(minutes);
    if (far < 1) return "now";
    const amount = far < 60 ? `${far} min` : far < 2880 ? `${Math.floor(far / 60)} h` : `${Math.floor(far / 1440)} d`;
    return minutes > 0 ? `${amount} ago` : `in ${amount}`;
  };

  const tell = () => {
    for (const time of document.querySelectorAll("time")) {
      const text = ago(Date.parse(time.dateTime));
      if (time.title !== text) time.title = text;
      const place = time.closest("[data-ago]");
      if (!place) continue;
      const beside = place.querySelector(".ago") ?? place.appendChild(document.createElement("span"));
      beside.className = "ago";
      if (beside.textContent !== ` (${text})`) beside.textContent = ` (${text})`;
    }
  };

  // Somebody writes in a form, or has selected text to copy it: that is not taken from under them.
  const changed = (field) =>
    field.options
      ? field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected))
      : field.value !== field.defaultValue;
  const busy = () =>
    !getSelection().isCollapsed ||
    [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")].some(
      (field) => field === document.activeElement || changed(field),
    );

  // How an element is found again on the renewed page: by its name, and as the how manieth of those that share it.
  const name = (element) =>
    [element.tagName, element.id, element.getAttribute("href"), element.closest("form")?.getAttribute("action"), element.textContent].join("\n");
  const namesakes = (root, wanted) => [...root.querySelectorAll("a, button, summary, [tabindex]")].filter((element) => name(element) === wanted);
  // What can be unfolded, by its title (without a number that changes) and as the how manieth with it.
  const folds = (root) => {
    const seen = {};
    return new Map([...root.querySelectorAll("details > summary")].map((summary) => {
      const title = summary.textContent.replace(/\(\d+\+?\)/, "");
      seen[title] = (seen[title] ?? 0) + 1;
      return [`${title} ${seen[title]}`, summary.parentElement];
    }));
  };

  const renew = async () => {
    if (document.hidden || busy()) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [old, fresh] = [document.getElementById("main"), next.getElementById("main")];
    if (!fresh || busy()) return;
    const before = folds(old);
    for (const [title, details] of folds(fresh)) details.open = before.get(title)?.open ?? details.open;
    const focused = old.contains(document.activeElement) && document.activeElement !== old ? document.activeElement : null;
    const wanted = focused && name(focused);
    const nth = focused && namesakes(old, wanted).indexOf(focused);
    const [at, x, y] = [focused?.getBoundingClientRect().top, scrollX, scrollY];
    old.replaceChildren(...fresh.childNodes);
    document.title = next.title;
    tell();
    const same = focused ? namesakes(old, wanted) : [];
    const again = same[nth] ?? same.at(-1);
    again?.focus({ preventScroll: true });
    // What its reader looks at stays where it is, whatever came above it.
    scrollTo(x, again ? scrollY + again.getBoundingClientRect().top - at : y);
  };

  tell();
  setInterval(tell, MINUTE / 2);
  const seconds = Number(document.body.dataset.refresh);
  // A page that cannot be had now is asked for again later; what is shown says as of when it is.
  if (seconds) setInterval(() => renew().catch(() => {}), seconds * 1000);
})();
