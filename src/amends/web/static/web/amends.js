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

  var KEPT = "Your answers are still here, and nothing was lost: ";
  var WHY = {
    out: "You were signed out. " + KEPT + "sign in in another tab, and send them again.",
    factor: "This needs a second factor. " + KEPT + "sign out and sign in with one, in another tab, and send them again.",
    lost: "That could not be sent: there may be no connection. " + KEPT + "try again when you have one."
  };

  // Stops where the service would have somebody sign in first, or give a second factor.
  function stop(address) {
    if (/\/two-factor\/|\/sign-in\/again\//.test(address)) { throw new Error("factor"); }
    if (/\/sign-in\//.test(address)) { throw new Error("out"); }
  }

  // The page as it would be opened now: after a new sign-in its token is another. It may lead elsewhere, where
  // what was sent before did arrive: then it is sent as it was, and the service says so.
  function refreshed(form) {
    return fetch(window.location.href, { credentials: "same-origin" }).then(function (answer) {
      if (answer.redirected) { stop(answer.url); return; }
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.querySelector("[name=csrfmiddlewaretoken]");
        if (!fresh) { throw new Error("out"); }
        form.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value;
      });
    });
  }

  function send(form) {
    return fetch(form.getAttribute("action") || window.location.href, {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "follow",
      headers: { "Amends-Kept": "yes" }
    }).then(function (answer) {
      if (answer.status >= 500) { throw new Error("server"); }
      var go = answer.headers.get("Amends-Go");
      stop(go || answer.url);
      if (answer.headers.get("Amends-Form") === "old") { throw new Error("token"); }
      if (go || answer.redirected) { window.location.assign(go || answer.url); return null; }
      return answer.text().then(function (text) {
        document.open(); document.write(text); document.close();
      });
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-kept]"), function (form) {
    var sending = false, again = false;
    // A page that the browser kept, and shows again after Back, is to be used like any other.
    window.addEventListener("pageshow", function (event) { if (event.persisted) { sending = false; again = true; } });
    form.addEventListener("submit", function (event) {
      if (!window.fetch || !window.FormData || !window.URLSearchParams || !window.DOMParser) { return; }
      event.preventDefault();
      if (sending) { return; }
      sending = true;
      var ready = again ? refreshed(form) : Promise.resolve();
      ready.then(function () { return send(form); }).catch(function (error) {
        sending = false;
        again = true;
        tell(form, WHY[error.message] || WHY.lost);
      });
    });
  });
})();
