using System.Runtime.CompilerServices;
using Recurrent.Initializers;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// One step of a recurrent layer: <c>(x_t, states before) → states after</c>, and its gradient. A recurrent layer
/// (<see cref="RNN"/>, or one of a cell's own such as <see cref="LSTM"/>) owns time: it runs the cell over the steps.
/// </summary>
/// <remarks>
/// <para>A run goes</para>
/// <code>
/// forward    Begin                  random draws of the run
///            Project                takes the inputs of all steps at once, or of some
///            Forward(t)             t = 0, 1, …: states before step t → states after it
/// backward   Backward(t)            t = …, 1, 0: gradients of the states after step t → before it
///            AddGradients           adds to the gradients of the parameters
///            ProjectBack            gradient of the inputs
/// </code>
/// <para>One of the states is the output. A cell holds its options and its parameters and nothing of a run: that is in its
/// <see cref="CellPass"/>, so that any number of threads can run one cell at once. Most cells derive from
/// <see cref="GatedCell"/>, which has kernel, recurrent kernel and bias.</para>
/// </remarks>
public abstract class RecurrentCell : IConfigurable
{
    private readonly List<Parameter> parameters = [];
    private Action<Parameter, Initializer>? adding;
    private object? owner;

    /// <summary>Several cells as one, each on top of the one before it: what Keras's RNN makes of a list.</summary>
    /// <param name="cells">The cells, the one that takes the input first.</param>
    public static implicit operator RecurrentCell(RecurrentCell[] cells) => new StackedRNNCells(cells);

    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Name of the cell in paths of parameters and in configs; null takes it from the class: <c>lstm_cell</c>.</summary>
    /// <exception cref="ArgumentException">The name is blank or contains '/'.</exception>
    public string? Name
    {
        get;
        internal set => field = value is null || (
            !string.IsNullOrWhiteSpace(value) && !value.Contains('/', StringComparison.Ordinal))
            ? value
            : throw new ArgumentException($"The name '{value}' is not a name: it must not be blank and must not contain '/'.",
                nameof(value));
    }

    /// <summary>Whether training changes the cell's parameters. Default true.</summary>
    public bool Trainable { get; private protected set; } = true;

    /// <summary>Seed of the cell's random draws and first values; null takes it from the layer.</summary>
    public int? Seed { get; private protected set; }

    /// <summary>Number of rows of each state.</summary>
    public abstract IReadOnlyList<int> StateSizes { get; }

    /// <summary>What the states are called: <c>hidden</c>, <c>cell</c>.</summary>
    public abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>
    /// What the gates are called, from the top of <see cref="GatedCellPass.Z"/> after a step: <c>input</c>, <c>forget</c>; none
    /// where a cell has no gates to show.
    /// </summary>
    public virtual IReadOnlyList<string> GateNames => [];

    /// <summary>Which of the states is the output: the first, unless a cell says otherwise.</summary>
    public virtual int OutputState => 0;

    /// <summary>Length of the output of a step.</summary>
    public int OutputSize => StateSizes[OutputState];

    /// <summary>The cell's parameters; empty before it is built.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Path of each parameter inside the layer: <c>lstm_cell/kernel</c>.</summary>
    public virtual IEnumerable<string> ParameterPaths => parameters.Select(parameter => $"{PathName}/{parameter.Name}");

    /// <summary>The cell as messages name it: <c>LSTMCell 'lstm_cell_1'</c>.</summary>
    public string Introduction => Name is null ? ClassName : $"{ClassName} '{Name}'";

    /// <summary>Number of axes of one step of a sample: 1, the features, for most.</summary>
    internal virtual int StepRank => 1;

    /// <summary>
    /// Whether a step of a batch is (channels, places). Its layer then swaps the two: to the cell a step is (places, channels)
    /// always.
    /// </summary>
    internal virtual bool PlacesAreLast => false;

    /// <summary>Rows of the highest matrix that a pass holds for the steps.</summary>
    /// <param name="step">Shape of one step of a sample of the input.</param>
    internal virtual int MostRows(Shape step) => StateSizes.Max();

    private protected string PathName => Name ?? LayerNames.SnakeCase(ClassName);

    /// <summary>Shape of the output of one step of a sample.</summary>
    /// <param name="step">Shape of one step of a sample of the input.</param>
    public virtual Shape ComputeOutputShape(Shape step) => new(OutputSize);

    /// <summary>Makes room for a run.</summary>
    /// <param name="options">What the pass is for.</param>
    public abstract CellPass CreatePass(CellPassOptions options);

    /// <summary>Draws what is random in a run, the same at every step; nothing by default.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="training">Whether the cell behaves as in training.</param>
    /// <param name="key">Names the run, so that the same run draws the same numbers.</param>
    public virtual void Begin(CellPass pass, bool training, ulong key)
    {
    }

    /// <summary>Takes the inputs of some steps, before any of them is run.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="firstStep">The first of the steps.</param>
    /// <param name="x">Their inputs, step after step; they stay as they are until the backward pass is over.</param>
    public abstract void Project(CellPass pass, int firstStep, ColumnBlock x);

    /// <summary>Step t: from its input and the states before it to the states after it.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="t">The step.</param>
    public abstract void Forward(CellPass pass, int t);

    /// <summary>
    /// Step t backward: <see cref="CellPass.StateGradients"/> hold the gradients of the states after the step and receive those
    /// of the states before it. What is zero for a sample must stay zero for it.
    /// </summary>
    /// <param name="pass">The run.</param>
    /// <param name="t">The step.</param>
    public abstract void Backward(CellPass pass, int t);

    /// <summary>
    /// How many steps the cell takes together at most where nothing comes between them: 1, unless what it carries from step to
    /// step is linear, so that only this goes from step to step and all else is work on many steps at once.
    /// </summary>
    /// <param name="options">What the pass is for.</param>
    internal virtual int StepsTogether(CellPassOptions options) => 1;

    /// <summary>Some steps, one after the other: with the bits of <see cref="Forward(CellPass, int)"/> for each.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="firstStep">The first of the steps.</param>
    /// <param name="count">How many; at most <see cref="CellPass.StepsTogether"/>.</param>
    // By itself, as all that a cell does in a step: the loop over time has no budget for inlining it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal virtual void Forward(CellPass pass, int firstStep, int count)
    {
        for (int t = firstStep; t < firstStep + count; t++)
        {
            Forward(pass, t);
        }
    }

    /// <summary>Some steps backward, the last one first: with the bits of <see cref="Backward(CellPass, int)"/> for
    /// each.</summary>
    /// <param name="pass">
    /// The run. <see cref="CellPass.StateGradients"/> hold the gradients of the states after the last of the steps.
    /// </param>
    /// <param name="firstStep">The first of the steps.</param>
    /// <param name="count">How many; at most <see cref="CellPass.StepsTogether"/>.</param>
    /// <param name="outputGradients">
    /// Gradients of the outputs of all of them but the last; null where the outputs are not used, and for a single step.
    /// </param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal virtual void Backward(CellPass pass, int firstStep, int count, ColumnBlock? outputGradients)
    {
        for (int t = firstStep + count - 1; t >= firstStep; t--)
        {
            Backward(pass, t);
            if (t > firstStep && outputGradients is { } gradients)
            {
                ColumnBlock gradient = gradients.Columns((t - 1 - firstStep) * pass.StepColumns, pass.StepColumns);
                VectorMath.Add(gradient.Values, pass.StateGradients[OutputState].Values);
            }
        }
    }

    /// <summary>
    /// Adds to the gradients of the parameters (<see cref="CellPass.GradientOf"/>), when all steps have been run backward.
    /// </summary>
    /// <param name="pass">The run.</param>
    /// <param name="x">The inputs of all steps, as <see cref="Project"/> was given them.</param>
    public abstract void AddGradients(CellPass pass, ColumnBlock x);

    /// <summary>Computes the gradient of the inputs of some steps, which have been run backward.</summary>
    /// <param name="pass">The run.</param>
    /// <param name="firstStep">The first of the steps.</param>
    /// <param name="dx">Receives the gradient of their inputs, step after step.</param>
    public abstract void ProjectBack(CellPass pass, int firstStep, ColumnBlock dx);

    /// <summary>Brings what is derived from the parameters (panels for the product kernel) up to date.</summary>
    public abstract void Pack();

    /// <inheritdoc/>
    public Config GetConfig()
    {
        var config = new Config { { "name", PathName }, { "trainable", Trainable } };
        foreach ((string key, object? value) in GetOptions())
        {
            config.Add(key, value);
        }

        return config;
    }

    /// <summary>The cell's options, all but name and trainable, in the order in which Keras writes them.</summary>
    public abstract Config GetOptions();

    /// <summary>Creates the parameters for a shape of a step's input.</summary>
    /// <param name="step">Shape of one step of a sample of the input.</param>
    /// <param name="layer">The layer or cell to which the cell belongs.</param>
    /// <param name="add">Takes a parameter over and gives it its first values.</param>
    /// <exception cref="InvalidOperationException">The cell belongs to another layer already.</exception>
    internal void Build(Shape step, object layer, Action<Parameter, Initializer> add)
    {
        Own(layer);
        parameters.Clear();
        adding = add;
        try
        {
            BuildParameters(step);
        }
        finally
        {
            adding = null;
        }

        foreach (Parameter parameter in parameters.Where(_ => !Trainable))
        {
            parameter.Trainable = false;
        }
    }

    /// <summary>
    /// Says for the cell and those inside it whether training changes their parameters, as its layer has been told.
    /// </summary>
    /// <param name="value">Whether it does.</param>
    internal virtual void SetTrainable(bool value) => Trainable = value;

    /// <summary>Gives the cell to a layer or to a cell around it.</summary>
    /// <param name="layer">The owner.</param>
    /// <exception cref="InvalidOperationException">The cell belongs to another one already.</exception>
    internal void Own(object layer)
    {
        if (owner is not null && owner != layer)
        {
            throw new InvalidOperationException(
                $"{Introduction} belongs to a layer already. Create a cell of its own for each layer.");
        }

        owner = layer;
    }

    /// <summary>Adds the cell's parameters with <see cref="AddParameter"/>.</summary>
    /// <param name="step">Shape of one step of a sample of the input.</param>
    protected abstract void BuildParameters(Shape step);

    /// <summary>Adds a parameter and fills it with its first values.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="initializer">Chooses the first values.</param>
    /// <returns>The parameter.</returns>
    protected Parameter AddParameter(Parameter parameter, Initializer initializer)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        adding!(parameter, initializer);
        parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Builds a cell inside this one; its parameters become parameters of this one.</summary>
    private protected void BuildInner(RecurrentCell inner, Shape step)
    {
        inner.Build(step, this, (parameter, initializer) => AddParameter(parameter, initializer));
    }
}
