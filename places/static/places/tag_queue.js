// Keys of the queue of tags: each presses the button or link that names it, and nothing is sent twice.
(function () {
  "use strict";

  let isSent = false;

  function isWriting(element) {
    return element.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(element.tagName);
  }

  document.addEventListener("keydown", function (event) {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || isWriting(event.target)) {
      return;
    }
    // By the place of the key, so that it works with a Korean keyboard, too.
    const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
    const control = key && document.querySelector('[data-key="' + key + '"]');
    if (control && !isSent) {
      event.preventDefault();
      control.click();
    }
  });

  document.addEventListener("submit", function (event) {
    if (isSent) {
      event.preventDefault();
    } else if (event.target.method === "post") {
      isSent = true;
    }
  });

  // A page that comes back from the browser's own cache may be used again.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) {
      window.location.reload();
    }
    isSent = false;
  });
})();
