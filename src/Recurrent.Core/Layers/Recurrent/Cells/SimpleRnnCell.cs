using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>The plain recurrent cell (Elman 1990): <c>h_t = act(W·x_t + U·h_{t−1} + b)</c>.</summary>
/// <remarks>Backward: <c>da = act′(a)∘dh</c>, <c>dh_{t−1} = Uᵀ·da</c>.</remarks>
internal sealed class SimpleRnnCell : RecurrentCell
{
    private readonly RecurrentOptions options;
    private PackedMatrix? recurrentPanels;
    private PackedMatrix? recurrentBackPanels;

    public SimpleRnnCell(RecurrentOptions options)
        : base(options, 1, options.Units)
    {
        this.options = options;
    }

    public override void Pack()
    {
        base.Pack();
        recurrentPanels!.Pack(RecurrentKernel!.Value);
        recurrentBackPanels!.PackTransposed(RecurrentKernel.Value);
    }

    public override CellPass NewPass(int steps, int batchSize, bool differentiable) =>
        new(GateRows, StateSizes, steps, batchSize, differentiable);

    public override void Forward(CellPass pass, int t)
    {
        ColumnBlock a = pass.GatesOf(t);
        Product.Add(recurrentPanels!, pass.RecurrentInput(t), a);
        options.Activation.Forward(a.Values, pass.States[0].After(t).Values, Units);
    }

    public override void Backward(CellPass pass, int t)
    {
        ColumnBlock a = pass.GatesOf(t);
        DenseMatrix dh = pass.StateGradients[0];
        options.Activation.Backward(a.Values, pass.States[0].After(t).Values, dh.Values, dh.Values, Units);
        dh.Values.CopyTo(a.Values);
        Product.Set(recurrentBackPanels!, a, dh);
        pass.BackThroughDropout(dh.Values);
    }

    public override Config GetConfig() => ConfigWith(new Config { { "activation", LayerConfig.Entry(options.Activation) } }, [], [], seedAlways: false);

    protected override void AllocatePanels()
    {
        recurrentPanels = new PackedMatrix(Units, Units);
        recurrentBackPanels = new PackedMatrix(Units, Units);
    }
}
