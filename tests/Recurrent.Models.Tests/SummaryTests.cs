using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests;

[TestFixture]
public sealed class SummaryTests
{
    [Test]
    [SetCulture("de-DE")]
    public void The_table_is_the_one_that_Keras_prints()
    {
        var model = new Sequential(
            [new LSTM(50, returnSequences: true, inputShape: (10, 1)), new Dropout(0.2),
                new LSTM(50, trainable: false), new Dense(1)]);
        Assert.That(model.Summary(), Is.EqualTo(
            """
            Model: "sequential"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
            ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
            │ lstm (LSTM)                     │ (None, 10, 50)         │        10,400 │
            ├─────────────────────────────────┼────────────────────────┼───────────────┤
            │ dropout (Dropout)               │ (None, 10, 50)         │             0 │
            ├─────────────────────────────────┼────────────────────────┼───────────────┤
            │ lstm_1 (LSTM)                   │ (None, 50)             │        20,200 │
            ├─────────────────────────────────┼────────────────────────┼───────────────┤
            │ dense (Dense)                   │ (None, 1)              │            51 │
            └─────────────────────────────────┴────────────────────────┴───────────────┘
             Total params: 30,651 (119.73 KB)
             Trainable params: 10,451 (40.82 KB)
             Non-trainable params: 20,200 (78.91 KB)

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void A_model_that_is_not_built_says_so()
    {
        var model = new Sequential([new LSTM(4), new Dense(1)], name: "forecaster");
        Assert.That(model.Summary(), Is.EqualTo(
            """
            Model: "forecaster"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
            ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
            │ lstm (LSTM)                     │ ?                      │   0 (unbuilt) │
            ├─────────────────────────────────┼────────────────────────┼───────────────┤
            │ dense (Dense)                   │ ?                      │   0 (unbuilt) │
            └─────────────────────────────────┴────────────────────────┴───────────────┘
             Total params: 0 (0.00 B)
             Trainable params: 0 (0.00 B)
             Non-trainable params: 0 (0.00 B)
             The model is not built: its input shape is not known. Give the first layer an inputShape, call Build, or call Fit.

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Long_names_and_unknown_axes_make_the_table_wider_and_never_cut()
    {
        var model = new Sequential(
            [new GRU(3, returnSequences: true, name: "the_first_of_the_recurrent_layers_of_this_model",
                inputShape: (timesteps: null, features: 2))]);
        string[] lines = model.Summary().Split('\n');
        Assert.That(lines[4],
            Is.EqualTo("│ the_first_of_the_recurrent_layers_of_this_model (GRU) │ (None, None, 3)        │            63 │"));
        Assert.That(lines[1..6], Has.All.Length.EqualTo(lines[4].Length));
    }

    [Test]
    public void A_model_without_layers_has_an_empty_table() => Assert.That(
        new Sequential().Summary(), Does.Contain("┗━").And.EndsWith(" The model has no layers yet.\n"));
}
