// Draws every chart of the page with uPlot, from the table behind it: the table is the data.
"use strict";
(() => {
  const root = document.documentElement;
  const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
  const number = text => text.trim() === "" ? null : Number(text.replaceAll("−", "-"));
  const pad = (value, digits = 2) => String(value).padStart(digits, "0");

  const time = text => {
    const [, y, mo, d, h, mi, s] = /^(\d+)-(\d+)-(\d+)(?:[ T](\d+):(\d+)(?::(\d+(?:\.\d+)?))?)?/.exec(text.trim());
    const at = new Date(0);
    at.setUTCFullYear(+y, mo - 1, +d);
    at.setUTCHours(+(h ?? 0), +(mi ?? 0), 0, Math.round(1000 * (s ?? 0)));
    return at.getTime();
  };

  const axisNumber = (value, step) => {
    if (value === 0) {
      return "0";
    }

    const size = Math.max(Math.abs(value), step);
    if (size >= 1e7 || step < 1e-5) {
      return value.toExponential().replace(/\.?0*e/, "e").replace("e+", "e").replaceAll("-", "−");
    }

    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return value.toLocaleString("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−");
  };

  // From years down to seconds: what a mark says, and what is added where a larger unit begins.
  const S = 1000, M = 60 * S, H = 60 * M, D = 24 * H;
  const dates = [
    [360 * D, "{YYYY}", null, null, null, null, null, null, 1],
    [28 * D, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [D, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
    [H, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
    [M, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
    [S, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
    [1, "{ss}.{fff}", "\n{HH}:{mm}", null, null, null, "\n{HH}:{mm}", null, 1],
  ];

  // Marks at whole months, days, hours: uPlot has found how far apart they may stand.
  const marks = (u, axis, low, high, apart) => {
    const found = [], months = Math.round(apart / (365 * D / 12));
    if (apart >= 28 * D) {
      const start = new Date(low), count = 12 * start.getUTCFullYear() + start.getUTCMonth();
      const at = new Date(0);
      for (let month = months * Math.ceil(count / months); found.length < 200; month += months) {
        at.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
        if (at.getTime() > high || Number.isNaN(at.getTime())) {
          break;
        }

        if (at.getTime() >= low) {
          found.push(at.getTime());
        }
      }
    } else {
      for (let at = apart * Math.ceil(low / apart); at <= high && found.length < 200; at += apart) {
        found.push(at);
      }
    }

    return found;
  };

  // In the order in which they are drawn.
  const order = ["bars", "band", "limit", "baseline", "line", "history", "truth", "forecast", "dots"];
  const place = column => order.indexOf(column.role === "low" || column.role === "high" ? "band" : column.role);

  const looks = (role, at, many) => ({
    history: { stroke: "--history", width: many ? 1 : 1.6 },
    truth: { stroke: "--truth", width: many ? 1.2 : 1.9 },
    forecast: { stroke: "--forecast", width: many ? 1.6 : 2.6 },
    baseline: { stroke: `--b${at % 5}`, width: 1.5, dash: [[2, 4], [7, 4], [9, 4, 2, 4], [4, 3], [12, 4]][at % 5] },
    line: { stroke: `--c${at % 6}`, width: many ? 1.3 : 2 },
    limit: { stroke: "--soft", width: 1, dash: [4, 4] },
    low: { width: 0 },
    high: { width: 0, fill: "--band" },
    bars: { stroke: "--bar", width: 0, fill: "--bar" },
    dots: { stroke: "--bad", width: 0 },
  })[role];

  class Chart {
    constructor(figure) {
      this.figure = figure;
      this.plot = figure.querySelector(".plot");
      this.strip = figure.querySelector(".strip");
      this.legend = figure.querySelector(".legend");
      this.read(figure.querySelector("table.data"));
      this.view = this.first = this.range(figure.dataset.from, figure.dataset.to);
      this.addTools();
      this.addKeys();
    }

    // Values as the table has them, and the columns in the order in which they are drawn.
    read(table) {
      const dated = this.dated = this.figure.dataset.x === "date";
      const heads = [...table.tHead.rows[0].cells];
      const cells = [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent));
      this.labels = cells.map(row => row[0]);
      this.x = this.labels.map(dated ? time : number);
      this.xName = heads[0].textContent;
      const seen = {};
      this.columns = heads.slice(1).filter(head => head.dataset.role).map(head => {
        const role = head.dataset.role, at = head.cellIndex;
        seen[role] = (seen[role] ?? -1) + 1;
        return { role, name: head.dataset.name ?? head.textContent, number: seen[role], text: cells.map(row => row[at] ?? ""),
          values: cells.map(row => number(row[at] ?? "")) };
      });
      this.columns.sort((a, b) => place(a) - place(b));
      this.join();
    }

    // What comes after the history is drawn from where the history ends, so that nothing floats.
    join() {
      const history = this.columns.find(column => column.role === "history");
      const end = history ? history.values.findLastIndex(value => value !== null) : -1;
      for (const column of this.columns) {
        column.drawn = this.figure.dataset.y === "log" ? column.values.map(value => value > 0 ? value : null) : column.values;
        if (end >= 0 && end + 1 < this.x.length && ["truth", "forecast", "baseline", "low", "high"].includes(column.role)
          && column.values[end] === null && column.values[end + 1] !== null
          && column.values.findIndex(value => value !== null) === end + 1) {
          column.drawn = [...column.drawn];
          column.drawn[end] = history.values[end];
        }
      }
    }

    range(from, to) {
      const at = text => this.dated ? time(text) : number(text);
      const ends = [from ? at(from) : this.x[0], to ? at(to) : this.x[this.x.length - 1]];
      const bars = this.columns.some(column => column.role === "bars");
      const step = this.x.length > 1 ? this.x[1] - this.x[0] : this.dated ? D : 1;
      const room = bars || ends[0] === ends[1] ? 0.7 * step : 0;
      return [ends[0] - room, ends[1] + room];
    }

    get all() { return this.range(); }

    addTools() {
      const tools = this.figure.querySelector(".tools");
      if (!tools) {
        return;
      }

      const button = (text, label, act) => {
        const each = document.createElement("button");
        each.type = "button";
        each.textContent = text;
        each.setAttribute("aria-label", label);
        each.addEventListener("click", act);
        tools.append(each);
        return each;
      };
      if (this.figure.dataset.from) {
        this.closeUp = button("Close up", "Show the newest part", () => this.show(this.first));
      }

      this.whole = button("All", "Show everything", () => this.show(this.all));
      button("+", "Zoom in", () => this.zoom(0.5));
      button("−", "Zoom out", () => this.zoom(2));
    }

    addKeys() {
      const said = document.createElement("span");
      said.className = "hidden";
      said.setAttribute("aria-live", "polite");
      this.figure.append(said);
      this.plot.addEventListener("keydown", event => {
        const at = this.u.cursor.idx;
        const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
        if (event.key in steps || event.key === "Home" || event.key === "End") {
          const [low, high] = [this.u.valToIdx(this.view[0]), this.u.valToIdx(this.view[1])];
          const next = event.key === "Home" ? low : event.key === "End" ? high
            : at == null ? high : Math.min(high, Math.max(low, at + steps[event.key]));
          this.u.setCursor({ left: this.u.valToPos(this.x[next], "x"), top: this.u.over.clientHeight / 2 });
          said.textContent = [this.labels[next], ...this.columns.filter(column => column.values[next] !== null)
            .map(column => `${column.name} ${column.text[next]}`)].join(", ");
        } else if (event.key === "+" || event.key === "=") {
          this.zoom(0.5);
        } else if (event.key === "-") {
          this.zoom(2);
        } else if (event.key === "0") {
          this.show(this.all);
        } else if (event.key === "Escape") {
          this.show(this.first);
        } else {
          return;
        }

        event.preventDefault();
      });
    }

    zoom(factor) {
      const [low, high] = this.view, [first, last] = this.all;
      const half = Math.min(last - first, factor * (high - low)) / 2;
      const centre = high >= last && factor < 1 ? high - half : (low + high) / 2;
      this.show([centre - half, centre + half]);
    }

    show(view) {
      const [first, last] = this.all, width = Math.min(last - first, view[1] - view[0]);
      const low = Math.min(Math.max(view[0], first), last - width);
      this.u.setScale("x", { min: low, max: low + width });
    }

    seen() {
      const [first, last] = this.all, same = (a, b) => Math.abs(a - b) <= 1e-6 * (last - first);
      const is = ends => String(same(this.view[0], ends[0]) && same(this.view[1], ends[1]));
      this.closeUp?.setAttribute("aria-pressed", is(this.first));
      this.whole?.setAttribute("aria-pressed", is(this.all));
      if (this.mini) {
        const left = this.mini.valToPos(this.view[0], "x"), right = this.mini.valToPos(this.view[1], "x");
        this.mini.setSelect({ left, width: right - left, top: 0, height: this.mini.over.clientHeight }, false);
      }
    }

    series() {
      const many = this.x.length > 500;
      return this.columns.map((column, i) => {
        const look = looks(column.role, column.number, many);
        const shown = colour(look.stroke ?? look.fill ?? "--band");
        const each = {
          label: column.name,
          class: `k-${column.role}`,
          stroke: shown,
          width: look.width,
          dash: look.dash,
          points: { show: false },
          value: (u, value, s, at) => at == null || column.values[at] === null ? "–"
            : column.role === "high" ? `${this.columns[i - 1].text[at]} – ${column.text[at]}` : column.text[at],
        };
        if (column.role === "dots") {
          each.points = { show: true, size: 8, fill: shown, stroke: colour("--card"), width: 1.5 };
          each.paths = () => null;
        } else if (["truth", "forecast", "line", "history"].includes(column.role)) {
          each.points = { size: 4.5, fill: shown, stroke: shown };
        }

        if (column.role === "bars") {
          each.paths = uPlot.paths.bars({ size: [0.86, 90] });
          each.fill = colour(look.fill);
        }

        return each;
      });
    }

    bands() {
      return this.columns.flatMap((column, i) =>
        column.role === "high" ? [{ series: [i + 1, i], fill: colour("--band") }] : []);
    }

    // The lower bound goes before its upper bound; both are drawn without a line.
    data() { return [this.x, ...this.columns.map(column => column.drawn)]; }

    yRange() {
      const { low, high } = this.figure.dataset;
      return (u, least, most) => {
        if (low !== undefined) {
          return [+low, +high];
        }

        if (least == null) {
          return [0, 1];
        }

        const room = most > least ? 0.06 * (most - least) : Math.abs(most) || 1;
        const bars = this.columns.some(column => column.role === "bars");
        return [least >= 0 ? bars ? 0 : Math.max(0, least - room) : least - room, most <= 0 && bars ? 0 : most + room];
      };
    }

    // Where the new begins: a tint below the lines, a rule and a word above them.
    shade(u, over) {
      const split = this.figure.dataset.split;
      if (!split) {
        return;
      }

      const { ctx, bbox } = u, ratio = uPlot.pxRatio;
      const at = u.valToPos(this.dated ? time(split) : number(split), "x", true);
      const left = Math.max(bbox.left, at), right = bbox.left + bbox.width;
      if (left >= right) {
        return;
      }

      ctx.save();
      if (over) {
        ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`;
        ctx.textAlign = "left";
        ctx.textBaseline = "top";
        const label = this.figure.dataset.label ?? "", letters = ctx.measureText(label).width;
        if (letters + 8 * ratio < right - left) {
          ctx.fillStyle = colour("--card");
          ctx.globalAlpha = 0.85;
          ctx.fillRect(left + 3 * ratio, bbox.top + 2 * ratio, letters + 6 * ratio, 17 * ratio);
          ctx.globalAlpha = 1;
          ctx.fillStyle = colour("--forecast");
          ctx.fillText(label, left + 6 * ratio, bbox.top + 5 * ratio);
        }
      } else {
        ctx.fillStyle = colour("--glow");
        ctx.fillRect(left, bbox.top, right - left, bbox.height);
      }

      if (over && at >= bbox.left) {
        ctx.strokeStyle = colour("--forecast");
        ctx.globalAlpha = 0.6;
        ctx.lineWidth = ratio;
        ctx.setLineDash([3 * ratio, 4 * ratio]);
        ctx.beginPath();
        ctx.moveTo(at, bbox.top);
        ctx.lineTo(at, bbox.top + bbox.height);
        ctx.stroke();
      }

      ctx.restore();
    }

    options(width) {
      const soft = colour("--soft"), rule = colour("--rule"), font = "12px system-ui, -apple-system, 'Segoe UI', sans-serif";
      const axis = { stroke: soft, font, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1, size: 5 } };
      const log = this.figure.dataset.y === "log";
      const step = splits => splits.length > 1 ? Math.abs(splits[1] - splits[0]) : Math.abs(splits[0]) || 1;
      const isPower = value => Number.isInteger(Math.round(1e6 * Math.log10(value)) / 1e6);
      const powers = (u, splits) => splits.map(value => isPower(value) ? value : null);
      const up = log ? { grid: { ...axis.grid, filter: powers }, ticks: { ...axis.ticks, filter: powers } } : {};
      const wholes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6];
      const across = this.dated ? { values: dates, splits: marks } : {
        incrs: this.figure.dataset.x === "step" ? wholes : undefined,
        values: (u, splits) => splits.map(value => axisNumber(value, step(splits))),
      };
      return {
        width,
        height: Math.round(Math.min(+(this.figure.dataset.height ?? 380), Math.max(260, 0.62 * width))),
        ms: 1,
        tzDate: at => uPlot.tzDate(new Date(at), "Etc/UTC"),
        padding: [10, 12, 0, 0],
        series: [{ label: this.xName, value: (u, value, s, at) => at == null ? "–" : this.labels[at] }, ...this.series()],
        bands: this.bands(),
        scales: {
          x: { time: this.dated, range: (u, low, high) => low === high ? this.all : [low, high] },
          y: log ? { distr: 3, log: 10 } : { range: this.yRange() },
        },
        axes: [
          { ...axis, ...across, size: (u, values) => values?.some(value => value?.includes("\n")) ? 48 : 32,
            space: this.dated ? 62 : 54 },
          { ...axis, space: 36, ...up,
            values: (u, splits) => splits.map(value => value === null ? null
              : axisNumber(value, log ? Math.min(Math.abs(value), 1) : step(splits))),
            size: (u, values) => 18 + 7 * Math.max(2, ...(values ?? [""]).map(value => (value ?? "").length)) },
        ],
        cursor: {
          y: false,
          drag: { x: true, y: false },
          points: { size: 8 },
          bind: { dblclick: () => () => { this.show(this.first); return null; } },
        },
        legend: { live: true, markers: { width: 2.5 }, mount: (u, table) => this.legend.replaceChildren(table) },
        hooks: {
          drawClear: [u => this.shade(u, false)],
          draw: [u => this.shade(u, true)],
          ready: [u => u.setLegend({ idx: this.x.length - 1 })],
          setScale: [(u, key) => {
            if (key === "x" && u.scales.x.min != null) {
              this.view = [u.scales.x.min, u.scales.x.max];
              this.seen();
            }
          }],
        },
      };
    }

    miniOptions(width) {
      const axis = { show: false };
      return {
        width, height: 54, ms: 1, padding: [4, 0, 4, 0],
        series: [{}, ...this.series().map(each => ({ ...each, points: { show: false }, width: Math.min(1.2, each.width) }))],
        bands: this.bands(),
        scales: { x: { time: this.dated }, y: { range: this.yRange() } },
        axes: [axis, axis],
        cursor: { show: false },
        legend: { show: false },
        select: { show: true, left: 0, top: 0, width: 0, height: 0 },
        hooks: { ready: [() => this.seen()] },
      };
    }

    draw(width) {
      this.u?.destroy();
      this.mini?.destroy();
      this.mini = undefined;
      const view = this.view;
      this.u = new uPlot(this.options(width), this.data(), this.plot);
      for (const row of this.legend.querySelectorAll(".u-series:not(:first-child) th")) {
        row.tabIndex = 0;
        row.setAttribute("role", "button");
        row.addEventListener("keydown", event => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            event.stopPropagation();
            row.click();
          }
        });
      }

      this.mark();
      if (this.strip) {
        this.mini = new uPlot(this.miniOptions(width), this.data(), this.strip);
        this.follow();
      }

      this.u.setScale("x", { min: view[0], max: view[1] });
    }

    // Legend keys in the colour and stroke of their lines.
    mark() {
      const rows = this.legend.querySelectorAll(".u-series");
      this.columns.forEach((column, i) => {
        const marker = rows[i + 1].querySelector(".u-marker");
        const look = looks(column.role, column.number, false);
        if (marker) {
          marker.style.borderColor = colour(look.stroke ?? "--band");
          marker.style.borderStyle = look.dash ? "dashed" : "solid";
          const fill = look.fill && colour(look.fill);
          const layers = column.role === "high" ? column.number + 1 : 1;
          marker.style.background = fill ? Array(layers).fill(`linear-gradient(${fill}, ${fill})`).join(", ") : "transparent";
        }
      });
    }

    follow() {
      const over = this.mini.over;
      const move = event => {
        const at = this.mini.posToVal(event.clientX - over.getBoundingClientRect().left, "x");
        const half = (this.view[1] - this.view[0]) / 2;
        this.show([at - half, at + half]);
      };
      over.addEventListener("pointerdown", event => {
        over.setPointerCapture(event.pointerId);
        move(event);
      });
      over.addEventListener("pointermove", event => event.buttons && move(event));
    }
  }

  // A heat map: each value is read back from its pixel, whose palette has one entry for each of 256 values.
  const readable = map => {
    const out = map.closest("figure").querySelector("output"), rows = +map.getAttribute("height");
    const columns = +map.getAttribute("width"), low = +map.dataset.low, high = +map.dataset.high;
    const decimals = Math.max(0, 2 - Math.floor(Math.log10(high - low)));
    let file = null, unit = 0, step = 0;
    const say = () => {
      file ??= atob(map.src.split(",")[1]);
      const at = file.charCodeAt(1078 + (rows - 1 - unit) * Math.ceil(columns / 4) * 4 + step);
      const text = (low + at / 255 * (high - low)).toFixed(decimals);
      out.value = `unit ${unit + 1}, step ${step + 1}: ${text * 1 === 0 ? text.replace("-", "") : text.replace("-", "−")}`;
    };
    const inside = (value, count) => Math.min(count - 1, Math.max(0, value));
    const point = event => {
      const box = map.getBoundingClientRect();
      step = inside(Math.floor((event.clientX - box.left) / box.width * columns), columns);
      unit = inside(Math.floor((event.clientY - box.top) / box.height * rows), rows);
      say();
    };
    map.addEventListener("pointermove", point);
    map.addEventListener("pointerdown", point);
    map.tabIndex = 0;
    map.addEventListener("keydown", event => {
      const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
      if (by) {
        event.preventDefault();
        unit = inside(unit + by[0], rows);
        step = inside(step + by[1], columns);
        say();
      }
    });
    say();
  };

  document.querySelectorAll(".map").forEach(readable);
  const charts = [...document.querySelectorAll("figure.chart")].map(figure => new Chart(figure));
  const printWidth = 680;
  let printing = false;
  const drawAll = () => charts.forEach(chart => chart.draw(printing ? Math.min(printWidth, chart.figure.parentElement
    .classList.contains("pair") ? printWidth / 2 - 20 : printWidth) : chart.plot.clientWidth));
  drawAll();
  root.dataset.charts = "drawn";
  let width = root.clientWidth;
  addEventListener("resize", () => {
    if (!printing && root.clientWidth !== width) {
      width = root.clientWidth;
      drawAll();
    }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  addEventListener("beforeprint", () => { printing = true; drawAll(); });
  addEventListener("afterprint", () => { printing = false; drawAll(); });
  for (const scroll of document.querySelectorAll("details .scroll")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "csv";
    button.textContent = "Save as CSV";
    button.addEventListener("click", () => {
      const cell = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text.replaceAll("−", "-");
      const text = [...scroll.querySelector("table").rows]
        .map(row => [...row.cells].map(each => cell(each.textContent)).join(",")).join("\n");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv" }));
      link.download = `${scroll.closest("figure")?.dataset.name ?? "table"}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
    scroll.before(button);
  }
})();
