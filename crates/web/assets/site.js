// Comfort on every page: the theme switch, guards on forms. Everything works without it.
const root = document.documentElement;
const remember = (name, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
};

for (const link of document.querySelectorAll("a[data-theme-next]")) {
  const offer = (next) => {
    link.href = link.href.replace(/theme=\w+/, `theme=${next}`);
    link.textContent = link.dataset[next];
    link.dataset.themeNext = next;
  };
  // The server cannot know what the system prefers.
  if (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches) offer("light");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const chosen = link.dataset.themeNext;
    root.dataset.theme = chosen;
    remember("theme", chosen);
    offer(chosen === "dark" ? "light" : "dark");
  });
}

// A form that asks before it acts: <form data-confirm="…">.
// A form that warns when it is left with changes: <form data-guard>.
let dirty = false;
for (const form of document.querySelectorAll("form")) {
  if ("guard" in form.dataset) {
    form.addEventListener("input", () => { dirty = true; });
  }
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const question = button?.dataset.confirm ?? form.dataset.confirm;
    if (question && !confirm(question)) {
      event.preventDefault();
      return;
    }
    dirty = false;
    // A second click must not post twice; the server guards too.
    if (form.method === "post" && button) setTimeout(() => { button.disabled = true; }, 0);
  });
}
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
});

// A drawing wider than the screen shows its middle first.
for (const frame of document.querySelectorAll(".scroll.center")) {
  frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;
}
