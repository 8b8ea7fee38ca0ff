// Progress of an upload: <form data-upload enctype="multipart/form-data"> with a hidden <progress> and <output>.
for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const bar = form.querySelector("progress");
    const said = form.querySelector("output");
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      bar.hidden = false;
      bar.max = step.total;
      bar.value = step.loaded;
      said.textContent = `${Math.floor((step.loaded / step.total) * 100)} %`;
    });
    // The page that answers is shown whatever its status, and not fetched again: it may hold a message shown once.
    request.addEventListener("load", () => {
      history.replaceState(null, "", request.responseURL);
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => {
      bar.hidden = true;
      said.textContent = form.dataset.upload;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    });
    request.send(new FormData(form));
  });
}
