// Draws the outlines of the loaded cities under every map of the admin: our own base, no tiles.
(function () {
  "use strict";

  const outlines = document.currentScript.dataset.outlines;

  window.addEventListener("map:init", function (event) {
    const map = event.detail.map;
    fetch(outlines, { credentials: "same-origin" })
      .then(function (answer) {
        return answer.json();
      })
      .then(function (collection) {
        const layer = L.geoJSON(collection, {
          interactive: false,
          style: { color: "#8a94a6", weight: 1, fillColor: "#eef1f5", fillOpacity: 1 },
        }).addTo(map);
        layer.bringToBack();
        for (const feature of collection.features) {
          const centre = L.geoJSON(feature).getBounds().getCenter();
          L.marker(centre, {
            interactive: false,
            icon: L.divIcon({ className: "outline-name", html: feature.properties.name_ko }),
          }).addTo(map);
        }
      });
  });
})();
