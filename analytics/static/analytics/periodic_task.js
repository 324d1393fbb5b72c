// Says in words when the chosen crontab of a periodic task is due.
(function () {
  "use strict";

  const words = JSON.parse(document.getElementById("readable-crontabs").textContent);
  const select = document.getElementById("id_crontab");
  const field = document.querySelector(".field-crontab");
  if (!select || !field) {
    return; // who may only look has the field as text, with the words in a row of their own
  }
  const said = document.createElement("div");
  said.className = "help";
  field.append(said);

  function tell() {
    said.textContent = words[select.value] || "";
  }

  const stored = document.querySelector(".field-crontab_translation");
  if (stored) {
    stored.hidden = true;
  }
  // The lookup's widgets change the field by jQuery, whose events the document does not see.
  django.jQuery(select).on("change", tell);
  tell();
})();
