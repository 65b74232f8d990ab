// docs/write-your-own-cell.md shows this file between its marks; OwnCellTests holds the two together.
// <usings>
using Recurrent;
using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Numerics;
using Recurrent.Registration;
// </usings>
// <cell>
internal sealed class LightGRUCell : GatedCell
{
    private const int Update = 0;      // the gates, one below the other in Z
    private const int Candidate = 1;
    private const int GateCount = 2;

    public LightGRUCell(int units, ActivationFunction? activation = null)
        : base(units, GateCount, activation)
    {
    }

    private LightGRUCell(ConfigReader config)
        : base(config, GateCount)
    {
    }

    public override string ClassName => "LightGRUCell";

    public static LightGRUCell Read(ConfigReader config) => new(config);

    public override CellPass CreatePass(CellPassOptions options) => new LightGRUPass(this, options);

    public override void Forward(CellPass pass, int t)
    {
        var own = (LightGRUPass)pass;
        ColumnBlock z = own.GatesOf(t);                           // holds W·x_t + b already
        RecurrentKernel.Add(own.RecurrentInput(t), z);            // z += U·h_{t−1}, with dropout where there is one
        for (int b = 0; b < z.ColumnCount; b++)                   // sample by sample
        {
            Span<float> u = Gate(z, b, Update);
            Span<float> a = own.Candidates(t).Column(b);
            Span<float> before = pass.States[0].Before(t).Column(b);
            Span<float> after = pass.States[0].After(t).Column(b);
            VectorMath.Sigmoid(u, u);
            Activation.Forward(Gate(z, b, Candidate), a, Units);
            for (int i = 0; i < Units; i++)
            {
                after[i] = (u[i] * before[i]) + ((1 - u[i]) * a[i]);
            }
        }
    }

    public override void Backward(CellPass pass, int t)
    {
        var own = (LightGRUPass)pass;
        ColumnBlock z = own.GatesOf(t);
        DenseMatrix dh = pass.StateGradients[0];                  // in: of h_t; out: of h_{t−1}
        for (int b = 0; b < z.ColumnCount; b++)
        {
            Span<float> u = Gate(z, b, Update);
            Span<float> za = Gate(z, b, Candidate);
            Span<float> a = own.Candidates(t).Column(b);
            Span<float> before = pass.States[0].Before(t).Column(b);
            Span<float> da = own.Scratch;
            Span<float> kept = new ColumnBlock(own.Kept, b, 1).Values;
            for (int i = 0; i < Units; i++)
            {
                float d = dh.Values[(b * Units) + i];
                da[i] = d * (1 - u[i]);
                kept[i] = d * u[i];                               // what reaches h_{t−1} past the gates
                u[i] = d * (before[i] - a[i]) * u[i] * (1 - u[i]);
            }

            Activation.Backward(za, a, da, za, Units);            // z now holds dz, from which W, U and b get their gradients
        }

        RecurrentKernel.SetBack(z, dh);                           // dh_{t−1} = Uᵀ·dz
        own.BackThroughDropout(dh.Values);
        VectorMath.Add(own.Kept.Values, dh.Values);               //          + u∘dh_t
    }

    /// <summary>What a run remembers beside gates and states.</summary>
    private sealed class LightGRUPass : GatedCellPass
    {
        private readonly DenseMatrix candidates;

        public LightGRUPass(LightGRUCell cell, CellPassOptions options)
            : base(cell, options)
        {
            candidates = NewMemory(cell.Units);
            Kept = new DenseMatrix(cell.Units, StepColumns);
            Scratch = new float[cell.Units];
        }

        public DenseMatrix Kept { get; }

        public float[] Scratch { get; }

        public ColumnBlock Candidates(int t) => StepOf(candidates, t);
    }
}
// </cell>

internal static class OwnCellExample
{
    // <use>
    public static Sequential Run(NDArray x, NDArray y, string path)
    {
        // The proof: each gradient against a measured slope; throws with a table of what is wrong.
        GradientCheck.Run(new RNN(new LightGRUCell(4), returnSequences: true), sample: (timesteps: 5, features: 3)).ThrowIfWrong();

        var model = new Sequential([new RNN(new LightGRUCell(16), inputShape: (timesteps: 10, features: 1)), new Dense(1)]);
        model.Compile("adam", "mse");
        model.Fit(x, y, epochs: 3, verbose: Recurrent.Callbacks.Verbosity.Silent);
        model.Save(path);

        // A file can name what the program that reads it says it can, and nothing else.
        var custom = new CustomObjects().Add<RecurrentCell>("LightGRUCell", LightGRUCell.Read);
        return Sequential.Load(path, custom: custom);
    }
    // </use>
}
