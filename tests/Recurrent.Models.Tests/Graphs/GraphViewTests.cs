using System.Text.RegularExpressions;
using System.Xml.Linq;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Tables and drawings of functional models.</summary>
[TestFixture]
public sealed class GraphViewTests
{
    [Test]
    public void The_table_says_what_is_connected_to_what() => Assert.That(GraphSamples.Decoder().Summary(), Is.EqualTo(
        """
        Model: "functional"
        ┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━┓
        ┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to         ┃
        ┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━┩
        │ series (InputLayer) │ (None, 6, 2)      │          0 │ -                    │
        ├─────────────────────┼───────────────────┼────────────┼──────────────────────┤
        │ encoder (LSTM)      │ [(None, 4),       │        112 │ series[0][0]         │
        │                     │ (None, 4),        │            │                      │
        │                     │ (None, 4)]        │            │                      │
        ├─────────────────────┼───────────────────┼────────────┼──────────────────────┤
        │ repeat_vector       │ (None, 3, 4)      │          0 │ encoder[0][1]        │
        │ (RepeatVector)      │                   │            │                      │
        ├─────────────────────┼───────────────────┼────────────┼──────────────────────┤
        │ decoder (LSTM)      │ (None, 3, 4)      │        144 │ repeat_vector[0][0], │
        │                     │                   │            │ encoder[0][1],       │
        │                     │                   │            │ encoder[0][2]        │
        ├─────────────────────┼───────────────────┼────────────┼──────────────────────┤
        │ time_distributed    │ (None, 3, 1)      │          5 │ decoder[0][0]        │
        │ (TimeDistributed)   │                   │            │                      │
        └─────────────────────┴───────────────────┴────────────┴──────────────────────┘
         Total params: 261 (1.02 KB)
         Trainable params: 261 (1.02 KB)
         Non-trainable params: 0 (0.00 B)

        """.ReplaceLineEndings("\n")));

    [Test]
    public void A_shared_layer_is_connected_to_what_each_use_reads()
    {
        string table = GraphSamples.Everything().Summary();

        Assert.That(table,
            Does.Match(@"inner \(Functional\) +│ \(None, 4, 2\) +│ +\d+ │ row\[0\]\[0\], +│\n│ +│ +│ +│ row\[1\]\[0\]"));
    }

    [Test]
    public void A_drawing_has_a_box_for_each_use_and_its_words()
    {
        string page = GraphSamples.Everything().DrawHtml();
        XElement svg = XElement.Parse(Regex.Match(page, "<svg.*?</svg>", RegexOptions.Singleline).Value);

        Assert.That(svg.Attribute("aria-label")!.Value,
            Does.StartWith("Drawing of model everything from left, right to shared, second"));
        Assert.That(svg.Elements("rect").Count(), Is.EqualTo(Regex.Count(page, "<li>")));
        Assert.That(page, Does.Contain("shared (use 2)").And.Contain("prefers-color-scheme: dark").And.Not.Contain("<script"));
        Assert.That(System.Net.WebUtility.HtmlDecode(page),
            Does.Contain("<b>decoder</b> LSTM 4 × 3, 84 weights, reads right, encoder</li>"));
    }

    [Test]
    public void Boxes_do_not_overlap_and_arrows_go_down()
    {
        foreach (Model model in (Model[])[GraphSamples.Everything(), GraphSamples.Decoder(), Deep(),
            new Sequential([new Dense(1, inputShape: 2)])])
        {
            XElement svg = XElement.Parse(Regex.Match(model.DrawHtml(), "<svg.*?</svg>", RegexOptions.Singleline).Value);
            (double X, double Y, double W)[] boxes =
                [.. svg.Elements("rect").Select(box => (Number(box, "x"), Number(box, "y"), Number(box, "width")))];
            for (int i = 0; i < boxes.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    Assert.That(
                        Math.Abs(boxes[i].Y - boxes[j].Y) > 58 || boxes[i].X >= boxes[j].X + boxes[j].W
                            || boxes[j].X >= boxes[i].X + boxes[i].W,
                        $"boxes {i} and {j} of {model.Name} overlap");
                }
            }
        }
    }

    [Test]
    [Explicit("Writes pages to look at.")]
    public void Pages_to_look_at()
    {
        string folder = Environment.GetEnvironmentVariable("RECURRENT_PAGES") ?? Path.GetTempPath();
        GraphSamples.Everything().Draw(Path.Combine(folder, "everything.html"));
        GraphSamples.Decoder().Draw(Path.Combine(folder, "decoder.html"));
        Deep().Draw(Path.Combine(folder, "deep.html"));
        Serialization.Documents.NewModel().Draw(Path.Combine(folder, "line.html"));
        Wide().Draw(Path.Combine(folder, "wide.html"));
        Hostile().Draw(Path.Combine(folder, "hostile.html"));
        new GraphPlan([10, 11, 12, 13, 14, 15, 16, 17, 19, 9, 8, 2], 4, 2).Create().Draw(Path.Combine(folder, "plan.html"));
        File.WriteAllText(Path.Combine(folder, "summary.txt"), GraphSamples.Everything().Summary());
    }

    [Test]
    public void Names_are_no_commands_of_a_page()
    {
        Model model = Hostile();
        string page = model.DrawHtml();
        XElement svg = XElement.Parse(Regex.Match(page, "<svg.*?</svg>", RegexOptions.Singleline).Value);

        Assert.That(page, Does.Not.Match("<script|<img|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]"));
        string words = Regex.Match(page, "<ol>.*</ol>", RegexOptions.Singleline).Value;
        Assert.That(words, Does.Contain("&lt;script&gt;").And.Contain("\\u001b"));
        Assert.That(svg.Elements("text").Select(text => text.Value), Has.Some.Contains("<script>").And.Some.EndsWith("…"));
        Assert.That(page, Does.Not.Contain("\ufffd"), "no letter is cut in two");
        Assert.That(model.Summary(), Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]"));
    }

    [Test]
    public void A_wide_drawing_is_not_made_too_small_to_read()
    {
        XElement svg = XElement.Parse(Regex.Match(Wide().DrawHtml(), "<svg.*?</svg>", RegexOptions.Singleline).Value);
        Match sizes = Regex.Match(svg.Attribute("style")!.Value, @"^max-width:([\d.]+)px;min-width:([\d.]+)px$");
        double most = double.Parse(sizes.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        double least = double.Parse(sizes.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);

        // Names are written 13 units high.
        Assert.That(13 * least / most, Is.GreaterThan(9));
    }

    [Test]
    public void A_model_that_is_not_built_is_not_drawn() =>
        Assert.That(() => new Sequential([new Dense(1)]).DrawHtml(),
            Throws.InvalidOperationException.With.Message.Contains("is not built"));

    /// <summary>Ten branches side by side.</summary>
    private static Model Wide()
    {
        var x = new Input((16, 8), name: "series");
        Symbol[] branches = [.. Enumerable.Range(0, 10).Select(i => (Symbol)new GRU(2 + i).Call(new Dense(4, "tanh").Call(x)))];
        return new(x, new Dense(1).Call(new Concatenate().Call(branches)), name: "wide");
    }

    /// <summary>Names that are commands elsewhere, long, or of other scripts.</summary>
    private static Model Hostile()
    {
        var x = new Input((4, 3), name: "<script>alert(1)<script>");
        Symbol a = new Dense(2, name: "\"><img src=x onerror=alert(1)>").Call(x);
        Symbol b = new Dense(2, name: "\u001b[31mred\u202e").Call(a);
        Symbol c = new Dense(2, name: string.Concat(Enumerable.Repeat("𝄞🎼", 40))).Call(b);
        Symbol d = new Dense(2, name: "時系列の埋め込み層とても長い名前のもの").Call(new Add(name: "&amp;").Call(c, b));
        return new(x, new Dense(1, name: new string('w', 300)).Call(d), name: "</title><script>alert(1)</script>");
    }

    /// <summary>A transformer of 30 layers.</summary>
    internal static Model Deep()
    {
        var x = new Input((16, 8), name: "tokens");
        Symbol h = x;
        for (int i = 0; i < 4; i++)
        {
            h = new LayerNormalization().Call(new Add().Call(h, new Dropout(0.1).Call(new MultiHeadAttention(2, 4).Call(h, h))));
            h = new LayerNormalization().Call(new Add().Call(h, new Dense(8).Call(new Dense(16, "relu").Call(h))));
        }

        return new Model(x, new Dense(1).Call(new GlobalAveragePooling1D().Call(h)), name: "transformer");
    }

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);
}
