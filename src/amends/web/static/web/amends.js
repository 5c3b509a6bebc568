// What is typed is not lost where the connection drops: the answers stay on the page, and are sent again.
// Without this script every form works as forms do. Nothing is kept on the device.
"use strict";
(function () {
  var summary = document.querySelector(".govuk-error-summary");
  if (summary) { summary.setAttribute("tabindex", "-1"); summary.focus(); }

  function tell(form, text) {
    var box = document.getElementById("amends-lost");
    if (!box) {
      box = document.createElement("p");
      box.id = "amends-lost";
      box.className = "amends-lost";
      box.setAttribute("role", "alert");
      form.parentNode.insertBefore(box, form);
    }
    box.textContent = text;
    box.scrollIntoView({ block: "center" });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-kept]"), function (form) {
    var sending = false;
    form.addEventListener("submit", function (event) {
      if (!window.fetch || !window.FormData || !window.URLSearchParams) { return; }
      event.preventDefault();
      if (sending) { return; }
      sending = true;
      fetch(form.getAttribute("action") || window.location.href, {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "follow"
      }).then(function (answer) {
        if (answer.status >= 500) { throw new Error("server"); }
        if (answer.redirected) { window.location.assign(answer.url); return null; }
        return answer.text().then(function (text) {
          document.open(); document.write(text); document.close();
        });
      }).catch(function () {
        sending = false;
        tell(form, "That could not be sent: there may be no connection. Your answers are still here, and nothing was lost: try again when you have one.");
      });
    });
  });
})();
