// Comfort only: every task works without this file.
(function () {
  "use strict";

  // A page that came back with faults starts at their summary.
  var errors = document.getElementById("errors");
  if (errors) {
    errors.focus();
  }

  // Leaving a half-filled form asks first; sending it does not.
  var changed = false;
  document.querySelectorAll("form[data-guard]").forEach(function (form) {
    form.addEventListener("input", function () {
      changed = true;
    });
  });
  document.addEventListener("submit", function () {
    changed = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (changed) {
      event.preventDefault();
    }
  });
})();
