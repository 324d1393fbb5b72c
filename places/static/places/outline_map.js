// Draws the loaded cities under every map of the admin: our own outlines as the base, no tiles.
(function () {
  "use strict";

  const source = document.currentScript.dataset.outlines;
  // From which zoom on a kind's names are readable.
  const NAMES_FROM = { district: 10, neighbourhood: 14, station: 13 };
  const STYLES = {
    district: { color: "#7b8698", weight: 1.5, fillColor: "#f4f2ee", fillOpacity: 1 },
    neighbourhood: { color: "#c3c9d3", weight: 1, fill: false },
  };
  const CLOSEST = 14; // a single point fits any zoom: show what lies around it

  function kindOf(feature) {
    return String(feature.id).split("/")[0];
  }

  function nameOf(feature, at) {
    const kind = kindOf(feature);
    const html = document.createElement("span");
    html.textContent = feature.properties.name_ko;
    return L.marker(at, {
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ className: "outline-name outline-name-" + kind, html: html }),
    });
  }

  function draw(map, collection) {
    const names = { district: L.layerGroup(), neighbourhood: L.layerGroup(), station: L.layerGroup() };
    // The last one sent to the back lies lowest.
    for (const kind of ["neighbourhood", "district"]) {
      L.geoJSON(collection, {
        interactive: false,
        filter: function (feature) {
          return kindOf(feature) === kind;
        },
        style: STYLES[kind],
      })
        .addTo(map)
        .bringToBack();
    }
    for (const feature of collection.features) {
      nameOf(feature, L.geoJSON(feature).getBounds().getCenter()).addTo(names[kindOf(feature)]);
    }
    function show() {
      for (const kind of Object.keys(names)) {
        const isReadable = map.getZoom() >= NAMES_FROM[kind] && (kind !== "district" || map.getZoom() < 15);
        names[kind][isReadable ? "addTo" : "removeFrom"](map);
      }
    }
    map.on("zoomend", show);
    show();
  }

  window.addEventListener("map:init", function (event) {
    const map = event.detail.map;
    fetch(source, { credentials: "same-origin" })
      .then(function (answer) {
        return answer.json();
      })
      .then(function (collection) {
        if (map.getZoom() > CLOSEST) {
          map.setZoom(CLOSEST, { animate: false });
        }
        draw(map, collection);
      });
  });
})();
