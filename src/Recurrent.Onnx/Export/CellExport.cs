using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Registration;

namespace Recurrent.Onnx.Export;

/// <summary>One step of a cell as operators.</summary>
/// <param name="context">The layer that is written.</param>
/// <param name="cell">The cell.</param>
internal abstract class CellExport(LayerContext context, RecurrentCell cell)
{
    private Options? options;

    /// <summary>The graph.</summary>
    protected GraphWriter Writer => context.Writer;

    /// <summary>The options of the cell.</summary>
    protected Options Options => options ??= new(cell.GetOptions());

    /// <summary>How a cell is written.</summary>
    /// <exception cref="OnnxExportException">It is a cell of one's own.</exception>
    public static CellExport Of(LayerContext context, RecurrentCell cell) => cell switch
    {
        SimpleRNNCell c => new SimpleRnnExport(context, c),
        LSTMCell or PeepholeLSTMCell or ProjectedLSTMCell => new LstmExport(context, (GatedCell)cell),
        GRUCell c => new GruExport(context, c),
        CoupledLSTMCell c => new CoupledLstmExport(context, c),
        IndRNNCell c => new IndRnnExport(context, c),
        JordanRNNCell c => new JordanExport(context, c),
        LayerNormLSTMCell c => new LayerNormLstmExport(context, c),
        LayerNormGRUCell c => new LayerNormGruExport(context, c),
        MinimalGRUCell c => new MinimalGruExport(context, c),
        MinGRUCell c => new MinGruExport(context, c),
        MinLSTMCell c => new MinLstmExport(context, c),
        UGRNNCell c => new UgrnnExport(context, c),
        SLSTMCell c => new SlstmExport(context, c),
        MLSTMCell c => new MlstmExport(context, c),
        LRUCell c => new LruExport(context, c),
        RGLRUCell c => new RglruExport(context, c),
        S6Cell c => new S6Export(context, c),
        ConvLSTM1DCell c => new ConvLstmExport(context, c),
        StackedRNNCells c => new StackedExport(context, c),
        ZoneoutCell c => new ZoneoutExport(context, c),
        _ => throw context.Refuse($"runs {cell.Introduction}, a cell of your own, of which nothing is known but its code",
            "Use a cell of the library."),
    };

    /// <summary>What is computed of the inputs of all steps (batch, steps, features), or of one step.</summary>
    /// <returns>One value or several, with the axes of the inputs.</returns>
    public abstract Tensor[] Project(Tensor x);

    /// <summary>A step.</summary>
    /// <param name="projected">What <see cref="Project"/> gave for it.</param>
    /// <param name="states">The states before it.</param>
    /// <returns>The states after it.</returns>
    public abstract Tensor[] Step(Tensor[] projected, Tensor[] states);

    /// <summary>A parameter of the cell; null where there is none.</summary>
    protected Parameter? Find(string name) => cell.Parameters.FirstOrDefault(parameter => parameter.Name == name);

    /// <summary>A parameter of the cell.</summary>
    protected Tensor Weight(string name) => Writer.Weight(Find(name)
        ?? throw new InvalidOperationException($"{cell.Introduction} has no parameter '{name}'."));

    /// <summary>A parameter added, where there is one.</summary>
    protected Tensor Plus(Tensor x, string name) => Find(name) is null ? x : x + Weight(name);

    /// <summary>Columns of a parameter.</summary>
    protected Tensor Columns(string name, int first, int count) => Weight(name).Slice(-1, first, first + count);

    /// <summary>An activation among the options.</summary>
    protected ActivationFunction Activation(string key) => Options.Raw(key) switch
    {
        string name => ActivationNames.Registry.Create(name),
        ComponentConfig component => ActivationNames.Registry.Create(component),
        _ => "linear",
    };

    /// <summary>A value that is carried on as far as a gate lets it: new + gate∘(old − new).</summary>
    protected static Tensor Mix(Tensor gate, Tensor old, Tensor fresh) => fresh + (gate * (old - fresh));
}

/// <summary>A cell with a kernel, a recurrent kernel and a bias.</summary>
internal abstract class GatedExport(LayerContext context, GatedCell cell) : CellExport(context, cell)
{
    /// <summary>Number of units.</summary>
    protected int Units => cell.Units;

    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x) => [Biased(x.MatMul(Weight("kernel")))];

    /// <summary>With the bias of the product of the inputs.</summary>
    protected virtual Tensor Biased(Tensor z) => Plus(z, "bias");

    /// <summary>The activation of the cell.</summary>
    protected Tensor Act(Tensor x) => cell.Options.Activation!.Apply(x);

    /// <summary>The activation of the gates.</summary>
    protected Tensor Gate(Tensor x) => cell.Options.RecurrentActivation!.Apply(x);

    /// <summary>Parts of as many rows as there are units.</summary>
    protected Tensor[] Gates(Tensor z, int count) => z.Split([.. Enumerable.Repeat(Units, count)]);

    /// <summary>The recurrent product.</summary>
    protected Tensor Recur(Tensor h) => h.MatMul(Weight("recurrent_kernel"));

    /// <summary>Layer normalisation over the last axis, without gain.</summary>
    protected Tensor Normalized(Tensor x)
    {
        Tensor centred = x - x.Reduce("ReduceMean", true, -1);
        Tensor variance = (centred * centred).Reduce("ReduceMean", true, -1);
        return centred / (variance + Options.Double("epsilon")).Apply("Sqrt");
    }
}

/// <summary>h = act(W·x + U·h' + b).</summary>
internal sealed class SimpleRnnExport(LayerContext context, SimpleRNNCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states) => [Act(projected[0] + Recur(states[0]))];
}

/// <summary>LSTMs with peepholes or a projection, or without.</summary>
internal sealed class LstmExport(LayerContext context, GatedCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[0] + Recur(states[0]), 4);
        Tensor i = Gate(Peep(z[0], 0, states[1]));
        Tensor f = Gate(Peep(z[1], 1, states[1]));
        Tensor c = (f * states[1]) + (i * Act(z[2]));
        Tensor o = Gate(Peep(z[3], 2, Options.Bool("output_sees_previous_cell") ? states[1] : c));
        Tensor h = o * Act(c);
        return [Find("projection_kernel") is null ? h : h.MatMul(Weight("projection_kernel")), c];
    }

    private Tensor Peep(Tensor z, int part, Tensor c)
    {
        if (Find("peephole_kernel") is null)
        {
            return z;
        }

        Tensor own = Columns("peephole_kernel", part * Units, Units);
        return z + (Options.Bool("full_peepholes") ? c.MatMul(own) : own * c);
    }
}

/// <summary>GRUs of both kinds.</summary>
internal sealed class GruExport(LayerContext context, GRUCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor h = states[0];
        if (Options.Bool("reset_after"))
        {
            Tensor recurrent = Recur(h);
            recurrent = Find("bias") is null ? recurrent : recurrent + Weight("bias").Slice(0, 1, 2).Squeeze(0);
            Tensor[] x = Gates(projected[0], 3);
            Tensor[] r = Gates(recurrent, 3);
            Tensor candidate = Act(x[2] + (Gate(x[1] + r[1]) * r[2]));
            return [Mix(Gate(x[0] + r[0]), h, candidate)];
        }

        Tensor[] parts = projected[0].Split(2 * Units, Units);
        Tensor[] gates = Gates(parts[0] + h.MatMul(Columns("recurrent_kernel", 0, 2 * Units)), 2);
        Tensor reset = Gate(gates[1]) * h;
        return [Mix(Gate(gates[0]), h, Act(parts[1] + reset.MatMul(Columns("recurrent_kernel", 2 * Units, Units))))];
    }

    /// <inheritdoc/>
    protected override Tensor Biased(Tensor z) => Find("bias") is not { } bias ? z
        : z + (bias.Shape.Count == 2 ? Weight("bias").Slice(0, 0, 1).Squeeze(0) : Weight("bias"));
}

/// <summary>The LSTM of which i = 1 − f.</summary>
internal sealed class CoupledLstmExport(LayerContext context, CoupledLSTMCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[0] + Recur(states[0]), 3);
        Tensor c = Mix(Gate(z[0]), states[1], Act(z[1]));
        return [Gate(z[2]) * Act(c), c];
    }
}

/// <summary>h = act(W·x + u∘h' + b).</summary>
internal sealed class IndRnnExport(LayerContext context, IndRNNCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states) =>
        [Act(projected[0] + (Weight("recurrent_kernel") * states[0]))];
}

/// <summary>Jordan's cell in both forms.</summary>
internal sealed class JordanExport(LayerContext context, JordanRNNCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        ActivationFunction output = Activation("output_activation");
        if (cell.OutputFirst)
        {
            Tensor v = states[1].MatMul(Weight("output_recurrent_kernel")) + states[0].MatMul(Weight("output_kernel"));
            Tensor y = output.Apply(Plus(v, "output_bias"));
            return [Act(projected[0] + Recur(states[0]) + y.MatMul(Weight("feedback_kernel"))), y];
        }

        Tensor h = Act(projected[0] + Recur(states[0]));
        return [output.Apply(Plus(h.MatMul(Weight("output_kernel")), "output_bias"))];
    }
}

/// <summary>The layer-normalised LSTM.</summary>
internal sealed class LayerNormLstmExport(LayerContext context, LayerNormLSTMCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x) =>
        [Biased(Normalized(x.MatMul(Weight("kernel"))) * Weight("kernel_gamma"))];

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[0] + (Normalized(Recur(states[0])) * Weight("recurrent_gamma")), 4);
        Tensor c = (Gate(z[1]) * states[1]) + (Gate(z[0]) * Act(z[2]));
        Tensor n = Plus(Normalized(c) * Weight("cell_gamma"), "cell_beta");
        return [Gate(z[3]) * Act(n), c];
    }
}

/// <summary>The layer-normalised GRU.</summary>
internal sealed class LayerNormGruExport(LayerContext context, LayerNormGRUCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x) => [Biased(Bands(x.MatMul(Weight("kernel"))) * Weight("kernel_gamma"))];

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] x = Gates(projected[0], 3);
        Tensor[] r = Gates(Bands(Recur(states[0])) * Weight("recurrent_gamma"), 3);
        Tensor u = Plus(r[2], "recurrent_bias");
        return [Mix(Gate(x[0] + r[0]), states[0], Act(x[2] + (Gate(x[1] + r[1]) * u)))];
    }

    private Tensor Bands(Tensor z)
    {
        Tensor[] parts = z.Split(2 * Units, Units);
        return Writer.Op("Concat", [Normalized(parts[0]), Normalized(parts[1])], ("axis", -1L));
    }
}

/// <summary>The minimal gated unit and its variants.</summary>
internal sealed class MinimalGruExport(LayerContext context, MinimalGRUCell cell) : GatedExport(context, cell)
{
    private bool HasInputGate => cell.Variant == "mgu";

    /// <inheritdoc/>
    public override Tensor[] Project(Tensor x)
    {
        Tensor z = x.MatMul(Weight("kernel"));
        return [Find("bias") is null ? z : HasInputGate || cell.Variant == "mgu2" ? z + Weight("bias")
            : z + Columns("bias", 0, Units)];
    }

    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = HasInputGate ? Gates(projected[0], 2) : projected;
        Tensor? gate = HasInputGate ? z[1] : null;
        if (cell.Variant is "mgu1" or "mgu3" && Find("bias") is not null)
        {
            gate = Columns("bias", Units, Units);
        }

        if (cell.Variant != "mgu3")
        {
            Tensor seen = states[0].MatMul(Columns("recurrent_kernel", Units, Units));
            gate = gate is { } other ? other + seen : seen;
        }

        Tensor f = Gate(gate ?? Writer.Number(0));
        Tensor candidate = Act(z[0] + (f * states[0]).MatMul(Columns("recurrent_kernel", 0, Units)));
        return [Mix(f, candidate, states[0])];
    }
}

/// <summary>minGRU.</summary>
internal sealed class MinGruExport(LayerContext context, MinGRUCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[0], 2);
        return [Mix(Gate(z[0]), Act(z[1]), states[0])];
    }
}

/// <summary>minLSTM.</summary>
internal sealed class MinLstmExport(LayerContext context, MinLSTMCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[0], 3);
        Tensor forget = (ActivationExport.SoftplusOf(-z[0]) - ActivationExport.SoftplusOf(-z[1])).Apply("Sigmoid");
        return [Mix(forget, states[0], Act(z[2]))];
    }
}

/// <summary>The update-gate RNN.</summary>
internal sealed class UgrnnExport(LayerContext context, UGRNNCell cell) : GatedExport(context, cell)
{
    /// <inheritdoc/>
    public override Tensor[] Step(Tensor[] projected, Tensor[] states)
    {
        Tensor[] z = Gates(projected[0] + Recur(states[0]), 2);
        return [Mix(Gate(z[0]), states[0], Act(z[1]))];
    }
}
