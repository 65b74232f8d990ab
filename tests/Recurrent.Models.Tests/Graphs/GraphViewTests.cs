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
    }

    [Test]
    public void A_model_that_is_not_built_is_not_drawn() =>
        Assert.That(() => new Sequential([new Dense(1)]).DrawHtml(),
            Throws.InvalidOperationException.With.Message.Contains("is not built"));

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
