using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Tests.Layers;

/// <summary>A cell of somebody's own: what its base class sees to.</summary>
[TestFixture]
public sealed class OwnCellTests
{
    [Test]
    public void Options_out_of_range_are_refused()
    {
        Assert.That(() => new PlainCell(0),
            Throws.ArgumentException.With.Message.EqualTo("PlainCell: units must be at least 1, but is 0."));
        Assert.That(
            () => new PlainCell(new ConfigReader("PlainCell", new Config { { "units", -1 } })),
            Throws.ArgumentException.With.Message.EqualTo("PlainCell: units must be at least 1, but is -1."));
    }

    [Test]
    public void The_activation_is_tanh_unless_another_is_given()
    {
        Assert.That(new PlainCell(2).Options.Activation!.ClassName, Is.EqualTo("tanh"));
        Assert.That(new PlainCell(2, new() { Activation = "relu" }).Options.Activation!.ClassName, Is.EqualTo("relu"));
        Assert.That(new PlainCell(new ConfigReader("PlainCell", new Config { { "units", 2 } })).Options.Activation!.ClassName,
            Is.EqualTo("tanh"));
        Assert.That(
            new PlainCell(
                new ConfigReader("PlainCell",
                    new Config { { "units", 2 }, { "activation", null } })).Options.Activation!.ClassName, Is.EqualTo("linear"));
        Assert.That(
            new PlainCell(
                new ConfigReader("PlainCell",
                    new Config { { "units", 2 }, { "activation", "elu" } })).Options.Activation!.ClassName, Is.EqualTo("elu"));
    }

    [Test]
    public void A_cell_belongs_to_one_layer()
    {
        var cell = new PlainCell(2);
        _ = new RNN(cell);
        Assert.That(
            () => new RNN(cell),
            Throws.InvalidOperationException.With.Message.EqualTo(
            "PlainCell belongs to a layer already. Create a cell of its own for each layer."));
        var inner = new PlainCell(2);
        new ZoneoutCell(inner).Build(new(3), new object(), static (_, _) => { });
        Assert.That(() => new RNN(inner), Throws.InvalidOperationException);
    }

    [Test]
    public void A_cell_that_is_not_trainable_has_parameters_that_are_not([Values] bool trainable)
    {
        var cell = new PlainCell(new ConfigReader("PlainCell", new Config { { "units", 2 }, { "trainable", trainable } }));
        var layer = new RNN(cell);
        layer.Build((4, 3), seed: 1);
        Assert.That(cell.Parameters, Has.Count.EqualTo(3));
        Assert.That(layer.Parameters.Select(parameter => parameter.Trainable), Has.All.EqualTo(trainable));
    }

    [Test]
    public void A_build_that_failed_leaves_no_parameters_behind()
    {
        var cell = new PlainCell(2);
        var owner = new object();
        Assert.That(
            () => cell.Build(new(3), owner, static (parameter, _) => throw new NotSupportedException(parameter.Name)),
                Throws.TypeOf<NotSupportedException>());
        cell.Build(new(3), owner, static (_, _) => { });
        cell.Build(new(3), owner, static (_, _) => { });
        Assert.That(cell.Parameters.Select(parameter => parameter.Name),
            Is.EqualTo(new[] { "kernel", "recurrent_kernel", "bias" }));
        Assert.That(() => cell.AddNothing(), Throws.ArgumentNullException);
    }

    [TestCase(" ")]
    [TestCase("a/b")]
    [TestCase("/")]
    public void A_name_can_stand_in_a_path(string name) =>
        Assert.That(() => new PlainCell(2, name: name),
            Throws.ArgumentException.With.Message.StartsWith($"The name '{name}' is not a name"));

    [Test]
    public void A_number_of_gate_rows_beyond_an_int_is_no_number() =>
        Assert.That(() => new PlainCell(int.MaxValue, gates: 2).GateRows, Throws.TypeOf<OverflowException>());

    [Test]
    public void Memory_beyond_an_array_is_refused()
    {
        var cell = new PlainCell(2);
        _ = new RNN(cell);
        CellPass pass = cell.CreatePass(new(new(1), Steps: 1 << 16, BatchSize: 1, Differentiable: true));
        Assert.That(() => pass.NewMemory(1 << 16), Throws.TypeOf<OverflowException>());
        CellPass brief = cell.CreatePass(new(new(1), Steps: 8, BatchSize: 3, Differentiable: false));
        Assert.That(brief.NewMemory(5).ColumnCount, Is.EqualTo(3), "of one step, where none is looked back at");
    }

    private sealed class PlainCell : GatedCell
    {
        public PlainCell(int units, CellOptions? options = null, int gates = 1, string? name = null)
            : base(units, gates, options, name)
        {
        }

        public PlainCell(ConfigReader config)
            : base(config, 1)
        {
        }

        public override string ClassName => "PlainCell";

        public override void Forward(CellPass pass, int t)
        {
        }

        public override void Backward(CellPass pass, int t)
        {
        }

        public void AddNothing() => AddParameter(null!, "zeros");
    }
}
